"""What people look at: the site, the workbook, files for researchers, sheets for municipalities."""
