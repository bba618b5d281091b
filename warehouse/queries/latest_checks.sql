-- What each check found when it was judged last.
SELECT
    suite,
    check_name,
    status,
    severity,
    checked,
    unexpected,
    message,
    judged_at
FROM check_result
QUALIFY row_number() OVER (PARTITION BY suite, check_name ORDER BY judged_at DESC, rowid DESC) = 1
ORDER BY suite, check_name
