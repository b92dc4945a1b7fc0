package dev.ringlet.executor;

import java.util.BitSet;

/** Lists of CPUs as the kernel writes them: {@code 0-3,8}. */
final class CpuList {
  private static final int MAX_NUMBER = 1 << 20;

  private CpuList() {}

  static BitSet parse(String list) {
    BitSet numbers = new BitSet();
    String text = list.strip();
    if (text.isEmpty()) {
      return numbers;
    }
    for (String range : text.split(",", -1)) {
      String[] ends = range.strip().split("-", -1);
      int first = number(ends[0], list);
      int last = ends.length == 1 ? first : number(ends[1], list);
      if (ends.length > 2 || last < first) {
        throw bad(list);
      }
      numbers.set(first, last + 1);
    }
    return numbers;
  }

  private static int number(String text, String list) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number < MAX_NUMBER) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw bad(list);
    }
    throw bad(list);
  }

  private static IllegalArgumentException bad(String list) {
    return new IllegalArgumentException(
        "CPU list: \"" + list.strip() + "\"; expected numbers and ranges such as 0-3,8");
  }

  static String text(BitSet numbers) {
    StringBuilder text = new StringBuilder();
    int first = numbers.nextSetBit(0);
    while (first >= 0) {
      int end = numbers.nextClearBit(first);
      text.append(text.length() == 0 ? "" : ",").append(first);
      if (end - first > 1) {
        text.append('-').append(end - 1);
      }
      first = numbers.nextSetBit(end);
    }
    return text.toString();
  }
}
