"""What every part of ingest uses: problems in words, texts, tables, files, secrets."""
