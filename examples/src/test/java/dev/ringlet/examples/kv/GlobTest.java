package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GlobTest {
  @ParameterizedTest
  @CsvSource({
    "*, , true",
    "*, anything, true",
    "a*c, abc, true",
    "a*c, ac, true",
    "a*c, abd, false",
    "a?c, abc, true",
    "a?c, ac, false",
    "h[ae]llo, hello, true",
    "h[ae]llo, hillo, false",
    "h[^e]llo, hallo, true",
    "h[^e]llo, hello, false",
    "h[a-c]llo, hbllo, true",
    "h[c-a]llo, hbllo, true",
    "h[a-c]llo, hdllo, false",
    "a\\*c, a*c, true",
    "a\\*c, abc, false",
    "[\\]], ], true",
    "key:*:x, key:1:2:x, true",
    "**a, bba, true",
    "a\\, a\\, true",
    "[, [, false",
    "'', a, false",
  })
  void matchesAsRedisDoes(String pattern, String text, boolean matches) {
    String given = text == null ? "" : text;
    assertEquals(matches, new Glob(Ascii.bytes(pattern)).matches(Ascii.bytes(given)));
  }

  /** Star and question mark alone behave like the regular expression. */
  @Property
  void agreesWithRegularExpressions(
      @ForAll @Chars({'a', 'b', '*', '?'}) @StringLength(max = 8) String pattern,
      @ForAll @Chars({'a', 'b'}) @StringLength(max = 10) String text) {
    String regex = pattern.replace("*", ".*").replace("?", ".");
    assertEquals(text.matches(regex), new Glob(Ascii.bytes(pattern)).matches(Ascii.bytes(text)));
  }

  /** A pattern of many stars takes no exponential time. */
  @Test
  void hostilePatternEnds() {
    byte[] pattern = Ascii.bytes("*a".repeat(2000) + "b");
    byte[] text = Ascii.bytes("a".repeat(10_000));
    Assertions.assertTimeout(
        Duration.ofSeconds(20), () -> assertFalse(new Glob(pattern).matches(text)));
  }
}
