"""Checks of the Terraform in the folder above, without an account: `make infra-check` runs them.

Belongs here: planning offline, our own rules on the plan, and what each role may do. Does not: what a
variable may be (`../tests/`, in Terraform's own words) or the program's tests (`coros_assets_tests/`).
"""
