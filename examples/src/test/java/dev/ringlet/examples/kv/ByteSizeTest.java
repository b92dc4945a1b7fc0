package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class ByteSizeTest {
  private final ByteSize converter = new ByteSize();

  @ParameterizedTest
  @CsvSource({"0, 0", "17, 17", "3b, 3", "512k, 524288", "16MB, 16777216", "2g, 2147483648"})
  void unitsAreBinary(String text, long bytes) {
    assertEquals(bytes, converter.convert(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "k", "1t", "1.5m", "-1", "1 m", "9999999999g", "99999999999999999999"})
  void everythingElseIsRefused(String text) {
    assertThrows(TypeConversionException.class, () -> converter.convert(text));
  }
}
