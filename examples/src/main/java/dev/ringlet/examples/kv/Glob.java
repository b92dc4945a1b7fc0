package dev.ringlet.examples.kv;

/**
 * A pattern over bytes as in {@code SCAN MATCH}: {@code * ? [abc] [^a-z] \x}. Immutable.
 *
 * <p>Only the last star is ever tried again, so a match takes at most pattern length times text
 * length steps, whatever the pattern.
 */
final class Glob {
  private final byte[] pattern;
  private final boolean matchesAll;

  Glob(byte[] pattern) {
    this.pattern = pattern;
    this.matchesAll = pattern.length == 1 && pattern[0] == '*';
  }

  boolean matches(byte[] text) {
    if (matchesAll) {
      return true;
    }
    int star = -1;
    int starText = 0;
    int p = 0;
    int t = 0;
    while (t < text.length) {
      if (p < pattern.length && pattern[p] == '*') {
        star = ++p;
        starText = t;
      } else if (p < pattern.length && matchesOne(p, text[t])) {
        p = afterOne(p);
        t++;
      } else if (star >= 0) {
        p = star;
        t = ++starText;
      } else {
        return false;
      }
    }
    while (p < pattern.length && pattern[p] == '*') {
      p++;
    }
    return p == pattern.length;
  }

  private boolean matchesOne(int p, byte value) {
    return switch (pattern[p]) {
      case '?' -> true;
      case '[' -> matchesSet(p, value & 0xFF);
      case '\\' -> pattern[p + 1 < pattern.length ? p + 1 : p] == value;
      default -> pattern[p] == value;
    };
  }

  private int afterOne(int p) {
    return switch (pattern[p]) {
      case '[' -> Math.min(pattern.length, endOfSet(p) + 1);
      case '\\' -> Math.min(pattern.length, p + 2);
      default -> p + 1;
    };
  }

  /** Index of the closing bracket, or the pattern's length if there is none. */
  private int endOfSet(int open) {
    int p = open + 1;
    while (p < pattern.length && pattern[p] != ']') {
      p += pattern[p] == '\\' && p + 1 < pattern.length ? 2 : 1;
    }
    return Math.min(p, pattern.length);
  }

  private boolean matchesSet(int open, int value) {
    int end = endOfSet(open);
    int p = open + 1;
    boolean negated = p < end && pattern[p] == '^';
    if (negated) {
      p++;
    }
    boolean found = false;
    while (p < end) {
      if (pattern[p] == '\\' && p + 1 < end) {
        found |= (pattern[p + 1] & 0xFF) == value;
        p += 2;
      } else if (p + 2 < end && pattern[p + 1] == '-') {
        int low = Math.min(pattern[p] & 0xFF, pattern[p + 2] & 0xFF);
        int high = Math.max(pattern[p] & 0xFF, pattern[p + 2] & 0xFF);
        found |= value >= low && value <= high;
        p += 3;
      } else {
        found |= (pattern[p] & 0xFF) == value;
        p++;
      }
    }
    return found != negated;
  }
}
