# With R's survey package: a design, and the mean of an indicator among those with an answer.
suppressMessages({
  library(readxl)
  library(survey)
})
arguments <- commandArgs(trailingOnly = TRUE)
codebook <- function(name) {
  file <- file.path(arguments[2], "codebook", paste0(name, ".csv"))
  read.csv(file, colClasses = "character", na.strings = "", encoding = "UTF-8")
}
of_edition <- function(frame) frame[frame$edition_key == arguments[3], ]

wide <- suppressMessages(read_excel(arguments[1], col_types = "text", .name_repair = "minimal"))
columns <- of_edition(codebook("export_columns"))
tests <- of_edition(codebook("row_exclusions"))$value
channel <- columns$header[columns$role == "channel"]
wide <- wide[rowSums(!is.na(wide)) > 0 & !(wide[[channel]] %in% na.omit(tests)), ]
spellings <- of_edition(codebook("option_spellings"))
spellings <- spellings[spellings$is_selected == "yes", ]
offered <- of_edition(codebook("option_editions"))
columns <- columns[columns$role %in% c("question", "option") & is.na(columns$item_code), ]

results <- do.call(rbind, lapply(unique(columns$question_key), function(question) {
  codes <- offered$option_code[offered$question_key == question]
  if (length(codes) == 0) return(NULL)
  own <- columns[columns$question_key == question, ]
  chosen <- sapply(codes, function(code) {
    known <- spellings[spellings$question_key == question & spellings$option_code == code, ]
    fits <- is.na(own$option_code) | own$option_code == code
    rowSums(sapply(own$header[fits], function(h) wide[[h]] %in% known$spelling)) > 0
  })
  answered <- rowSums(chosen) > 0
  if (!any(answered)) return(NULL)
  frame <- as.data.frame(chosen[answered, , drop = FALSE] * 1)
  design <- svydesign(ids = ~1, weights = ~1, data = frame)
  means <- coef(svymean(as.matrix(frame), design))
  data.frame(question_key = question, option_code = codes,
             count = round(means * sum(answered)), base = sum(answered))
}))
write.csv(results, stdout(), row.names = FALSE)
