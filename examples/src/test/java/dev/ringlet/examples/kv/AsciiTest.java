package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AsciiTest {
  @Property
  void numbersSurviveARoundTrip(@ForAll long value) {
    byte[] text = Ascii.decimal(value);
    assertEquals(Long.toString(value), Ascii.text(text));
    assertEquals(text.length, Ascii.length(value));
    assertTrue(Ascii.isLong(text, text.length));
    assertEquals(value, Ascii.parseLong(text, text.length));
  }

  @Example
  void extremeNumbersAreTaken() {
    for (long value : new long[] {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1}) {
      numbersSurviveARoundTrip(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "01",
        "-0",
        "1a",
        "9223372036854775808",
        "9999999999999999999",
        "-9223372036854775809",
        "18446744073709551617",
        "99999999999999999999"
      })
  void everythingElseIsNoNumber(String text) {
    assertFalse(Ascii.isLong(Ascii.bytes(text), text.length()));
  }

  /** Keys spread evenly over shards, and equal keys go to the same one. */
  @Property(tries = 20)
  void keysSpreadOverShards(@ForAll @IntRange(min = 1, max = 16) int shards) {
    int[] counts = new int[shards];
    int keys = 20_000;
    for (int i = 0; i < keys; i++) {
      counts[Bytes.of("key:" + i).shard(shards)]++;
    }
    for (int count : counts) {
      assertEquals(keys / (double) shards, count, keys * 0.1 / shards + 40);
    }
  }

  @Property
  void equalKeysHaveEqualHashes(@ForAll @Size(max = 40) byte[] bytes) {
    Bytes key = new Bytes(bytes);
    Bytes same = new Bytes(bytes.clone());
    assertEquals(key, same);
    assertEquals(key.hashCode(), same.hashCode());
    assertEquals(0, key.compareTo(same));
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertNotEquals(key, new Bytes(longer));
  }
}
