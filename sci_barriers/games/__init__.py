"""The games that a player can lose, and their replays."""
