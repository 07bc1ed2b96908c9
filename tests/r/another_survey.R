# The stratified sample of California's schools that comes with Lumley's survey package: a survey that is
# not ours, for the same columns.  Rscript another_survey.R > another_survey.csv
suppressMessages(library(survey)); data(api)
z <- qnorm(.975)
frame <- tapply(apistrat$fpc, apistrat$stype, unique)
cat("question,chosen_e,chosen_h,chosen_m,share_weighted,weighted_low,weighted_high,design_effect\n")
for (name in c("awards", "sch.wide", "comp.imp")) {
  apistrat$y <- as.numeric(apistrat[[name]] == "Yes")
  design <- svydesign(ids = ~1, strata = ~stype, fpc = ~fpc, data = apistrat)
  m <- svymean(~y, design); p <- as.numeric(coef(m)); v <- as.numeric(SE(m))^2
  size <- p * (1 - p) / v; middle <- p + z^2 / 2 / size
  half <- z * sqrt(p * (1 - p) / size + z^2 / 4 / size^2)
  u <- mean(apistrat$y); simple <- u * (1 - u) / 199 * (1 - 200 / sum(frame))
  chosen <- tapply(apistrat$y, apistrat$stype, sum)
  cat(sprintf("%s,%d,%d,%d,%.10f,%.10f,%.10f,%.10f\n", name, chosen["E"], chosen["H"], chosen["M"],
              p, (middle - half) / (1 + z^2 / size), (middle + half) / (1 + z^2 / size), v / simple))
}
