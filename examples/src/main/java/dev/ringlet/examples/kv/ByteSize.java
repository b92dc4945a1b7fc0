package dev.ringlet.examples.kv;

import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as {@code 16777216}, {@code 512k}, {@code 16m} or {@code 2g}. Immutable. */
final class ByteSize implements ITypeConverter<Long> {
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L, "b", 1L, "k", 1L << 10, "kb", 1L << 10, "m", 1L << 20, "mb", 1L << 20, "g",
          1L << 30, "gb", 1L << 30);

  @Override
  public Long convert(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int digits = 0;
    while (digits < lower.length() && Character.isDigit(lower.charAt(digits))) {
      digits++;
    }
    Long unit = UNITS.get(lower.substring(digits));
    if (unit == null || digits == 0) {
      throw new TypeConversionException("\"" + text + "\" is not a size such as 512k, 16m or 2g");
    }
    try {
      return Math.multiplyExact(Long.parseLong(lower.substring(0, digits)), unit);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new TypeConversionException("\"" + text + "\" is too large");
    }
  }
}
