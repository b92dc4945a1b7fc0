package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.examples.kv.RespParser.Event;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RespParserTest {
  private static final RespLimits SMALL = new RespLimits(100, 1000);

  private final RespParser parser = new RespParser(RespLimits.defaults());

  /** Commands are the same however the network cuts them, from heap and from direct memory. */
  @Property(tries = 300)
  void commandsDoNotDependOnTheCuts(
      @ForAll @Size(max = 20) List<@Size(min = 1, max = 5) List<@Size(max = 300) byte[]>> commands,
      @ForAll @IntRange(min = 1, max = 400) int maxPiece,
      @ForAll Random random) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    commands.forEach(command -> stream.writeBytes(encode(command)));
    byte[] input = stream.toByteArray();
    List<byte[][]> parsed = new ArrayList<>();
    RespParser fresh = new RespParser(RespLimits.defaults());
    for (int from = 0; from < input.length; ) {
      int length = Math.min(input.length - from, 1 + random.nextInt(maxPiece));
      ByteBuffer piece = ByteBuffer.allocateDirect(length).put(input, from, length).flip();
      while (fresh.parse(piece) == Event.COMMAND) {
        parsed.add(fresh.arguments());
      }
      assertEquals(0, piece.remaining());
      from += length;
    }
    assertEquals(commands.size(), parsed.size());
    for (int i = 0; i < parsed.size(); i++) {
      assertArrayEquals(commands.get(i).toArray(byte[][]::new), parsed.get(i));
    }
  }

  private static byte[] encode(List<byte[]> command) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(Ascii.bytes("*" + command.size() + "\r\n"));
    for (byte[] argument : command) {
      stream.writeBytes(Ascii.bytes("$" + argument.length + "\r\n"));
      stream.writeBytes(argument);
      stream.writeBytes(Ascii.bytes("\r\n"));
    }
    return stream.toByteArray();
  }

  /** Whatever garbage comes, the parser ends with one of its events and keeps little. */
  @Property(tries = 500)
  void garbageNeverThrows(@ForAll @Size(max = 2000) byte[] garbage, @ForAll boolean asMultibulk) {
    RespParser fresh = new RespParser(SMALL);
    if (asMultibulk && garbage.length > 0) {
      garbage[0] = '*';
    }
    ByteBuffer input = ByteBuffer.wrap(garbage);
    Event event;
    do {
      event = fresh.parse(input);
      assertTrue(event != Event.COMMAND || fresh.arguments().length > 0);
    } while (event == Event.COMMAND || event == Event.TOO_LARGE);
    assertEquals(event == Event.NEED_INPUT ? 0 : input.remaining(), input.remaining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*x\\r\\n | ERR Protocol error: invalid multibulk length",
        "*01\\r\\n | ERR Protocol error: invalid multibulk length",
        "*\\r\\n | ERR Protocol error: invalid multibulk length",
        "*-\\r\\n | ERR Protocol error: invalid multibulk length",
        "*1048577\\r\\n | ERR Protocol error: invalid multibulk length",
        "*99999999999999999999\\r\\n | ERR Protocol error: invalid multibulk length",
        "*1\\r\\nx | ERR Protocol error: expected '$', got 'x'",
        "*1\\r\\n\\r\\n | ERR Protocol error: expected '$', got ' '",
        "*1\\r\\n$-1\\r\\n | ERR Protocol error: invalid bulk length",
        "*1\\r\\n$536870913\\r\\n | ERR Protocol error: invalid bulk length",
        "*1\\r\\n$4294967297\\r\\n | ERR Protocol error: invalid bulk length",
        "*1\\r\\n$a\\r\\n | ERR Protocol error: invalid bulk length",
        "get \"x\\r\\n | ERR Protocol error: unbalanced quotes in request",
        "get 'x'y\\r\\n | ERR Protocol error: unbalanced quotes in request",
      })
  void violationsAreReportedInTheWordsOfRedis(String input, String error) {
    String unescaped = input.replace("\\r", "\r").replace("\\n", "\n");
    assertEquals(Event.PROTOCOL_ERROR, feed(parser, unescaped));
    assertEquals(error, parser.error());
    assertEquals(Event.PROTOCOL_ERROR, feed(parser, "*1\r\n$4\r\nPING\r\n"), "it stays failed");
  }

  @Test
  void lineWithoutEndIsRefusedAtItsLimit() {
    String piece = "x".repeat(RespLimits.MAX_INLINE_BYTES / 2);
    assertEquals(Event.NEED_INPUT, feed(parser, piece));
    assertEquals(Event.NEED_INPUT, feed(parser, piece));
    assertEquals(Event.PROTOCOL_ERROR, feed(parser, "x"));
    assertEquals("ERR Protocol error: too big inline request", parser.error());
  }

  @Test
  void emptyRequestsAreSkipped() {
    assertEquals(Event.COMMAND, feed(parser, "\r\n*0\r\n*-1\r\n*-7\r\n   \r\nPING\r\n"));
    assertEquals("PING", words());
  }

  @Test
  void inlineWordsFollowTheRulesOfQuotes() {
    assertEquals(
        Event.COMMAND,
        feed(parser, "set  \"a b\\x41\\n\\t\\\"\" 'it\\'s \"x\"' pre\"fix\" \"\"\n"));
    assertEquals("set|a bA\n\t\"|it's \"x\"|prefix|", words());
  }

  @Test
  void argumentOverTheLimitIsReadPastAndTheConnectionGoesOn() {
    RespParser small = new RespParser(SMALL);
    ByteBuffer input =
        ByteBuffer.wrap(
            Ascii.bytes(
                "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$150\r\n"
                    + "v".repeat(150)
                    + "\r\n*1\r\n$4\r\nPING\r\n"));
    assertEquals(Event.TOO_LARGE, small.parse(input));
    assertEquals(
        "ERR argument of 150 bytes is over the configured limit of 100 bytes", small.error());
    assertEquals(Event.COMMAND, small.parse(input));
    assertArrayEquals(Ascii.bytes("PING"), small.arguments()[0]);
  }

  @Test
  void commandOverTheTotalLimitIsReadPast() {
    RespParser small = new RespParser(SMALL);
    StringBuilder request = new StringBuilder("*40\r\n");
    for (int i = 0; i < 40; i++) {
      request.append("$10\r\n0123456789\r\n");
    }
    assertEquals(Event.TOO_LARGE, feed(small, request.toString()));
    assertTrue(small.error().endsWith("over the configured limit of 1000 bytes"), small.error());
  }

  /** 500 connections that announce 512 MB in a million arguments each must cost next to nothing. */
  @Test
  void announcedLengthsCostNoMemory() {
    List<RespParser> parsers = new ArrayList<>();
    RespLimits limits = RespLimits.ofValue(RespLimits.PROTOCOL_BYTES);
    for (int i = 0; i < 500; i++) {
      RespParser greedy = new RespParser(limits);
      assertEquals(Event.NEED_INPUT, feed(greedy, "*1048576\r\n$536870912\r\nabc"));
      parsers.add(greedy);
    }
    assertEquals(500, parsers.size());
  }

  @Test
  void largeArgumentArrivesWhole() {
    byte[] value = new byte[3_000_000];
    new Random(1).nextBytes(value);
    byte[] input = encode(List.of(Ascii.bytes("SET"), Ascii.bytes("k"), value));
    Event event = Event.NEED_INPUT;
    for (int from = 0; from < input.length; from += 10_000) {
      event = parser.parse(ByteBuffer.wrap(input, from, Math.min(10_000, input.length - from)));
    }
    assertEquals(Event.COMMAND, event);
    assertArrayEquals(value, parser.arguments()[2]);
  }

  private String words() {
    return String.join("|", Arrays.stream(parser.arguments()).map(Ascii::text).toList());
  }

  private static Event feed(RespParser parser, String text) {
    return parser.parse(ByteBuffer.wrap(Ascii.bytes(text)));
  }
}
