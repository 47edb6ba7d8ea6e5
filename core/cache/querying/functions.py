"""The functions that a query may call: what works on values, and nothing that reaches anything else.

What is not here is refused, also what a later DuckDB adds. Left out on purpose: everything that tells of the engine or
the machine, reads or writes, waits, counts on (`nextval`), builds queries from text, or blows a value up (`repeat`).
"""

from typing import Final

_OPERATORS: Final = (
    "+ - * / // % ** ^ || = <> != < <= > >= & | ~ << >> ! ~~ !~~ ~~* !~~* ~~~ ^@ -> ->> @> <@ && like_escape "
    "ilike_escape not_like_escape not_ilike_escape regexp_full_match add subtract multiply divide mod xor"
)
_NUMBERS: Final = (
    "abs ceil ceiling floor round round_even trunc sign sqrt cbrt exp ln log log10 log2 pow power pi greatest least "
    "gcd lcm even radians degrees sin cos tan asin acos atan atan2 isnan isinf isfinite fdiv fmod width_bucket "
    "equi_width_bins"
)
_TEXTS: Final = (
    "lower upper lcase ucase trim ltrim rtrim length len strlen char_length character_length left right substr "
    "substring replace translate reverse concat concat_ws contains starts_with ends_with prefix suffix instr position "
    "strpos split_part string_split str_split split string_to_array array_to_string regexp_matches regexp_extract "
    "regexp_extract_all regexp_replace strip_accents ascii chr initcap format printf levenshtein jaro_similarity "
    "jaro_winkler_similarity jaccard damerau_levenshtein nfc_normalize overlay collate_noaccent"
)
_DAYS: Final = (
    "today current_date date_trunc datetrunc date_part datepart date_diff datediff date_sub datesub date_add age "
    "year quarter month week weekofyear yearweek day dayofmonth dayofweek dayofyear weekday isodow isoyear dayname "
    "monthname hour minute second epoch last_day days_in_month make_date make_timestamp strftime strptime try_strptime "
    "time_bucket to_days to_weeks to_months to_quarters to_years to_hours to_minutes to_seconds julian century decade"
)
_CHOICES: Final = "coalesce ifnull nullif if switch constant_or_null typeof"
_LISTS: Final = (
    "list_value list_pack array_value row struct_pack struct_extract map map_keys map_values map_extract element_at "
    "list_contains array_contains list_has list_has_any list_has_all list_position list_distinct list_unique list_sort "
    "array_sort list_reverse_sort list_concat list_append list_prepend list_slice array_slice list_extract "
    "array_extract list_element array_length list_transform array_transform list_filter array_filter list_reduce "
    "list_sum list_avg list_min list_max list_count list_first list_last list_median list_string_agg "
    "list_any_value list_zip list_intersect flatten range generate_series unnest cardinality"
)
_AGGREGATES: Final = (
    "count count_star count_if countif sum avg mean min max median mode quantile quantile_cont quantile_disc mad "
    "stddev stddev_samp stddev_pop variance var_samp var_pop skewness kurtosis entropy corr covar_samp covar_pop "
    "regr_slope regr_intercept regr_r2 regr_count regr_avgx regr_avgy first last any_value arbitrary arg_max arg_min "
    "argmax argmin max_by min_by string_agg group_concat listagg list array_agg bool_and bool_or product fsum favg "
    "approx_count_distinct approx_quantile histogram geomean geometric_mean weighted_avg wavg sem grouping grouping_id"
)
_WINDOWS: Final = (
    "row_number rank dense_rank rank_dense percent_rank cume_dist ntile lag lead first_value last_value nth_value fill"
)

FUNCTIONS: Final = frozenset(
    f"{_OPERATORS} {_NUMBERS} {_TEXTS} {_DAYS} {_CHOICES} {_LISTS} {_AGGREGATES} {_WINDOWS}".split()
)
"""By name, in lower case."""

TABLE_FUNCTIONS: Final = frozenset({"range", "generate_series", "unnest"})
"""Those that may stand where a table does."""
