# What weighted shares ought to be, by Lumley's survey package: post-stratified on size, classes with
# fewer than five answers joined with the next, each stratum with its own f, of those who answered; and
# raked to size and province at once.
#   Rscript weighted.R UNITS.csv STRATA.csv BASES.csv > weighted.csv
# The three files are int_units of municipalities, int_strata and int_question_bases.
suppressMessages(library(survey))
files <- commandArgs(TRUE)
units <- read.csv(files[1]); strata <- read.csv(files[2]); bases <- read.csv(files[3])
z <- qnorm(.975)
wilson <- function(p, n) {
  middle <- p + z^2 / 2 / n
  half <- z * sqrt(p * (1 - p) / n + z^2 / 4 / n^2)
  c(middle - half, middle + half) / (1 + z^2 / n)
}
join <- function(counts) {
  group <- integer(length(counts)); start <- 1; running <- 0; starts <- 1
  for (i in seq_along(counts)) {
    group[i] <- start; running <- running + counts[i]
    if (running >= 5 && i < length(counts)) { start <- i + 1; starts <- c(starts, start); running <- 0 }
  }
  if (running < 5 && length(starts) > 1) group[group == start] <- starts[length(starts) - 1]
  group
}
cat("edition_key,option_key,share_weighted,weighted_low,weighted_high,design_effect,share_raked\n")
for (edition in sort(unique(units$edition_key))) {
  cells <- strata[strata$edition_key == edition, ]
  frame <- aggregate(cbind(frame_count, participating_count) ~ size_position, cells, sum)
  frame <- frame[order(frame$size_position), ]
  # Who took part, by size and province, raked to both margins of the frame.
  took_part <- cells[rep(seq_len(nrow(cells)), cells$participating_count), c("size_position", "province")]
  margins <- lapply(c("size_position", "province"), function(name) {
    sums <- aggregate(cells$frame_count, cells[name], sum); names(sums)[2] <- "Freq"; sums
  })
  plain <- svydesign(ids = ~1, weights = rep(1, nrow(took_part)), data = took_part)
  raked <- rake(plain, list(~size_position, ~province), margins, control = list(maxit = 1000, epsilon = 1e-11))
  took_part$weight <- weights(raked)
  weight_of <- tapply(took_part$weight, paste(took_part$size_position, took_part$province), mean)
  for (option in sort(unique(units$option_key[units$edition_key == edition]), method = "radix")) {
    own <- units[units$edition_key == edition & units$option_key == option, ]
    if (nrow(own) < 5) next
    counts <- sapply(frame$size_position, function(s) sum(own$size_position == s))
    group <- join(counts)
    # Everyone who took part; those who did not answer are outside the domain.
    people <- do.call(rbind, lapply(seq_len(nrow(frame)), function(i) {
      here <- own[own$size_position == frame$size_position[i], ]
      rest <- frame$participating_count[i] - nrow(here)
      data.frame(y = c(here$selected_count, rep(0, rest)), inside = rep(c(TRUE, FALSE), c(nrow(here), rest)),
                 stratum = rep(group[i], frame$participating_count[i]))
    }))
    size <- tapply(frame$frame_count, group, sum); took <- table(people$stratum)
    answering <- bases$answering_share[bases$edition_key == edition & bases$question_key == own$question_key[1]]
    key <- as.character(people$stratum)
    people$weight <- as.numeric(size[key]) / as.numeric(took[key])
    people$reach <- as.numeric(size[key]) / answering
    design <- svydesign(ids = ~1, strata = ~stratum, weights = ~weight, fpc = ~reach, data = people)
    estimate <- svymean(~y, subset(design, inside))
    p <- as.numeric(coef(estimate)); v <- as.numeric(SE(estimate))^2
    if (!(v > 1e-15)) next
    u <- mean(own$selected_count); f <- nrow(people) / sum(frame$frame_count) * answering
    ends <- wilson(p, p * (1 - p) / v)
    w <- weight_of[paste(own$size_position, own$province)]
    cat(sprintf("%d,%s,%.10f,%.10f,%.10f,%.10f,%.10f\n", edition, option, p, ends[1], ends[2],
                v / (u * (1 - u) / (nrow(own) - 1) * (1 - f)), sum(w * own$selected_count) / sum(w)))
  }
}
