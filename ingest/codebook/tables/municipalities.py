"""Municipalities through time, their size, and the names by which they are told."""

from ingest.codebook.shape import (
    BLANK_CODE,
    BOOLEAN,
    CODE,
    DATE,
    INTEGER,
    MUNICIPALITY,
    TEXT,
    Column,
    Reference,
    Table,
    declare,
)

TABLES: dict[str, Table] = {
    "size_categories": declare(
        "codebook/size_categories.csv",
        {
            "size_category": CODE,
            "position": INTEGER,
            "label": TEXT,
            "is_centrum_city": Column("boolean", required=False),
            "min_population": Column("integer", required=False),
            "max_population": Column("integer", required=False),
        },
        ("size_category",),
        ("position",),
        ("label",),
    ),
    "municipalities": declare(
        "municipalities/municipalities.csv",
        {
            "nis_code": CODE,
            "name": TEXT,
            "province": TEXT,
            "arrondissement": TEXT,
            "is_centrum_city": BOOLEAN,
            "valid_from": DATE,
            "valid_to": Column("date", required=False),
            "successor_nis_code": BLANK_CODE,
            "part_of_nis_code": BLANK_CODE,
            "is_rehearsal": BOOLEAN,
        },
        ("nis_code", "valid_from"),
        references=(
            Reference(("successor_nis_code",), "municipalities", ("nis_code",)),
            Reference(("part_of_nis_code",), "municipalities", ("nis_code",)),
        ),
        match="name",
    ),
    "municipality_aliases": declare(
        "municipalities/aliases.csv",
        {"alias": TEXT, "nis_code": CODE},
        ("match_text",),
        references=(MUNICIPALITY,),
        match="alias",
    ),
    "populations": declare(
        "municipalities/populations.csv",
        {"nis_code": CODE, "year": INTEGER, "population": INTEGER, "is_rehearsal": BOOLEAN},
        # As Statbel gives them: also of municipalities that ended before any edition.
        ("nis_code", "year"),
    ),
    "postal_codes": declare(
        "municipalities/postal_codes.csv",
        {"postal_code": TEXT, "nis_code": CODE},
        ("postal_code", "nis_code"),
        references=(MUNICIPALITY,),
        match="postal_code",
    ),
    # Where each stands on a map of squares, on which neighbours are near.
    "municipality_tiles": declare(
        "municipalities/tiles.csv",
        {"nis_code": CODE, "tile_column": INTEGER, "tile_row": INTEGER},
        ("nis_code",),
        ("tile_column", "tile_row"),
        references=(MUNICIPALITY,),
        is_optional=True,
    ),
}
