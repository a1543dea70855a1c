"""What every check rests on: numbers, rules, words, and the verdict on a file."""
