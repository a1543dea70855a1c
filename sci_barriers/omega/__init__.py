"""The class Ω(K, L): its families, members, and what is known of an input before it is read."""
