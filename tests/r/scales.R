# What means of scales ought to be, by Lumley's survey package: a ratio with municipalities as clusters,
# Student's interval; municipalities themselves with the f of their question.
#   Rscript scales.R SCORES.csv BASES.csv > scales.csv
# The files are int_scores and int_question_bases.
suppressMessages(library(survey))
files <- commandArgs(TRUE)
scores <- read.csv(files[1]); bases <- read.csv(files[2])
cat("edition_key,base,question_key,mean,mean_low,mean_high\n")
cells <- unique(scores[c("edition_key", "base", "question_key")])
for (i in order(cells$edition_key, cells$base, cells$question_key, method = "radix")) {
  own <- merge(scores, cells[i, ])
  people <- own[rep(seq_len(nrow(own)), own$unit_count), ]
  clusters <- length(unique(people$municipality_key))
  if (clusters < 5) next
  f <- bases$sampled_share[bases$edition_key == cells$edition_key[i] & bases$question_key == cells$question_key[i]]
  people$reach <- if (cells$base[i] == "municipalities" && length(f)) clusters / f else Inf
  design <- if (is.finite(people$reach[1])) {
    svydesign(ids = ~municipality_key, weights = ~1, fpc = ~reach, data = people)
  } else svydesign(ids = ~municipality_key, weights = ~1, data = people)
  mean <- svymean(~score, design)
  half <- qt(.975, clusters - 1) * as.numeric(SE(mean))
  cat(sprintf("%d,%s,%s,%.10f,%.10f,%.10f\n", cells$edition_key[i], cells$base[i], cells$question_key[i],
              coef(mean), coef(mean) - half, coef(mean) + half))
}
