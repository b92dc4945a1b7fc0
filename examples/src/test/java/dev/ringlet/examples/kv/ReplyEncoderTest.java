package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ReplyEncoderTest {
  @Provide
  Arbitrary<Reply> replies() {
    Arbitrary<Reply> leaves =
        Arbitraries.oneOf(
            Arbitraries.longs().map(Replies::integer),
            Arbitraries.strings().ascii().ofMaxLength(50).map(Replies::bulk),
            Arbitraries.strings().ascii().ofMaxLength(50).map(text -> Replies.error("ERR " + text)),
            Arbitraries.of(Replies.OK, Replies.NIL, Replies.EMPTY_ARRAY));
    return Arbitraries.recursive(
        () -> leaves, reply -> reply.list().ofMaxSize(4).map(Replies::array), 0, 4);
  }

  /** The bytes are the same in buffers of any size, and as many as announced. */
  @Property(tries = 300)
  void encodesTheSameInPieces(
      @ForAll("replies") Reply reply, @ForAll @IntRange(min = 1, max = 40) int piece) {
    ReplyEncoder encoder = new ReplyEncoder();
    encoder.start(reply);
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteBuffer buffer = ByteBuffer.allocateDirect(piece);
    boolean complete = false;
    while (!complete) {
      complete = encoder.encode(buffer.clear());
      byte[] bytes = new byte[buffer.flip().remaining()];
      buffer.get(bytes);
      output.writeBytes(bytes);
      assertTrue(complete || bytes.length == piece, "a piece is filled before the next");
    }
    assertTrue(encoder.isComplete());
    assertEquals(reply.encodedBytes(), output.size());
    assertEquals(InMemoryServer.text(reply), output.toString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void writesEachTypeAsTheProtocolSays() {
    assertEquals("+OK\r\n", InMemoryServer.text(Replies.OK));
    assertEquals("-ERR a  b\r\n", InMemoryServer.text(Replies.error("ERR a\r\nb")));
    assertEquals(":-9223372036854775808\r\n", InMemoryServer.text(Replies.integer(Long.MIN_VALUE)));
    assertEquals(":9223372036854775807\r\n", InMemoryServer.text(Replies.integer(Long.MAX_VALUE)));
    assertEquals("$0\r\n\r\n", InMemoryServer.text(Replies.bulk("")));
    assertEquals("$2\r\nab\r\n", InMemoryServer.text(Replies.bulk(Ascii.bytes("abc"), 2)));
    assertEquals(
        "*2\r\n$-1\r\n*1\r\n:10\r\n",
        InMemoryServer.text(
            Replies.array(List.of(Replies.NIL, Replies.array(Replies.integer(10))))));
  }

  @Test
  void largeValueGoesThroughSmallBuffers() {
    ReplyEncoder encoder = new ReplyEncoder();
    encoder.start(Replies.bulk(new byte[16 << 20]));
    ByteBuffer buffer = ByteBuffer.allocate(16 << 10);
    long total = 0;
    boolean complete;
    do {
      complete = encoder.encode(buffer.clear());
      total += buffer.position();
    } while (!complete);
    assertEquals((16 << 20) + "$16777216\r\n\r\n".length(), total);
  }
}
