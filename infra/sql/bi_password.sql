-- Which password does coros_bi log in with? Takes the variable `verifier`: the SCRAM verifier of the password, made
-- where the password is, so that neither this server nor its log ever sees the password itself.
\set ON_ERROR_STOP on
ALTER ROLE coros_bi PASSWORD :'verifier';
