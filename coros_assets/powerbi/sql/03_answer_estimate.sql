-- What are the three answers, each estimate with its interval, in the order in which they are read?
CREATE OR REPLACE VIEW gold.answer_estimate AS
WITH answer AS (
    SELECT
        1 AS question_number,
        *
    FROM gold.answer_night_shift
    UNION ALL
    SELECT
        2,
        *
    FROM gold.answer_next_day
    UNION ALL
    SELECT
        3,
        *
    FROM gold.answer_fitness_trend
),

placed AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY question_number
            ORDER BY
                array_position(ARRAY['primary', 'sensitivity', 'secondary', 'naive'], family),
                outcome, contrast, method
        )::integer AS sort_order
    FROM answer
)

SELECT
    question_number,
    sort_order,
    sort_order || ' ' || family AS estimate,
    question,
    outcome,
    contrast,
    method,
    is_primary,
    family,
    effect_pct,
    ci_low_pct,
    ci_high_pct,
    p_value,
    p_value_holm,
    n,
    n_exposed,
    n_control,
    clusters,
    verdict,
    sentence
FROM placed
ORDER BY question_number, sort_order;
