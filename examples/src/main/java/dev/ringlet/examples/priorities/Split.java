package dev.ringlet.examples.priorities;

import dev.ringlet.executor.Shares;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The shares of the two classes that compete.
 *
 * @param large of the one, 1 to 1000
 * @param small of the other, 1 to 1000
 */
record Split(int large, int small) {
  static final Split DEFAULT = new Split(800, 200);

  /** The part of the time that the first class should get. */
  double largePart() {
    return (double) large / (large + small);
  }

  @Override
  public String toString() {
    return large + ":" + small;
  }

  /** Two numbers with a colon. */
  static final class Converter implements ITypeConverter<Split> {
    private static final Pattern FORMAT = Pattern.compile("([0-9]{1,4}):([0-9]{1,4})");

    @Override
    public Split convert(String value) {
      Matcher matcher = FORMAT.matcher(value);
      if (matcher.matches()) {
        Split split =
            new Split(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
        if (isShares(split.large) && isShares(split.small)) {
          return split;
        }
      }
      throw new TypeConversionException(
          "'" + value + "': give two numbers of shares, 1 to 1000 each, such as 800:200");
    }

    private static boolean isShares(int count) {
      return count >= 1 && count <= Shares.MAX;
    }
  }
}
