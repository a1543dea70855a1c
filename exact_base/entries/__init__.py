"""What users hold in memory: numbers and arrays of whatever library, taken exactly or refused."""
