"""Words that the engines reserve, and databases that are there already: what a database cannot be called."""

from __future__ import annotations

POSTGRES = frozenset(
    """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
    column concurrently constraint create cross default deferrable desc distinct do else end except false fetch for
    foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral
    leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps
    placing primary rdsadmin references returning right select similar some symmetric table tablesample template0
    template1 then to trailing true union unique user using variadic verbose when where window with
    """.split()  # noqa: SIM905
)
"""Reserved key words, and the databases of every server of RDS.

https://www.postgresql.org/docs/current/sql-keywords-appendix.html
"""

MYSQL = frozenset(
    """
    accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade
    case change char character check collate column condition constraint continue convert create cross cube cursor
    database databases dec decimal declare default delayed delete desc describe deterministic distinct distinctrow
    div double drop dual each else elseif empty enclosed escaped except exists exit explain false fetch float float4
    float8 for force foreign from fulltext function generated get grant group grouping groups having if ignore in
    index infile information_schema inner innodb inout insensitive insert int int1 int2 int3 int4 int8 integer
    intersect interval into is iterate join key keys kill lag lateral lead leading leave left like limit linear
    lines load localtime localtimestamp lock long longblob longtext loop match maxvalue mediumblob mediumint
    mediumtext mod modifies mysql natural not null numeric of on optimize option optionally or order out outer
    outfile over parallel partition performance_schema precision primary procedure purge qualify range rank read
    reads real recursive references regexp release rename repeat replace require resignal restrict return revoke
    right rlike row rows schema schemas select sensitive separator set show signal smallint spatial specific sql
    sqlexception sqlstate sqlwarning ssl starting stored straight_join sys system table tablesample terminated then
    tinyblob tinyint tinytext to trailing trigger true undo union unique unlock unsigned update usage use using
    utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying virtual when where while window
    with write xor zerofill
    """.split()  # noqa: SIM905
)
"""Reserved words, and the databases of every server.

https://dev.mysql.com/doc/refman/8.4/en/keywords.html
"""
