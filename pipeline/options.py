"""What the commands can be told, each option once."""

from pathlib import Path
from typing import Annotated

import typer

Codebook = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_CODEBOOK", help="Folder of the codebook's CSV files.")
]
Exports = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_EXPORTS", help="Folder of the raw exports.")
]
Warehouse = Annotated[
    Path, typer.Option(envvar="GELIJKEKANSEN_WAREHOUSE", help="The DuckDB file that people query.")
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        envvar="GELIJKEKANSEN_SECRET_FILE",
        help="Secret for the keys of persons; made on first use, readable by its owner only.",
    ),
]
Keep = Annotated[
    int, typer.Option(envvar="GELIJKEKANSEN_KEEP", min=0, help="How many previous ones to keep.")
]
Site = Annotated[Path, typer.Option("--to", help="Folder to write the pages to.")]

Json = Annotated[bool, typer.Option("--json", help="For a script to read.")]

CODEBOOK = Path("seeds")
EXPORTS = Path("exports")
WAREHOUSE = Path("warehouse.duckdb")
