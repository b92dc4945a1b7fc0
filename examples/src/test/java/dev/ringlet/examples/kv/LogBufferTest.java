package dev.ringlet.examples.kv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ringlet.io.IoBuffer;
import dev.ringlet.spi.IoMemory;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class LogBufferTest {
  /** Pieces of all sizes come out as they went in, also when a copy is repeated. */
  @Property(tries = 50)
  void bytesComeOutInOrder(@ForAll Random random) {
    LogBuffer buffer = new LogBuffer();
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int step = 0; step < 200; step++) {
      if (random.nextInt(3) > 0) {
        byte[] piece = new byte[random.nextInt(random.nextBoolean() ? 100 : 40_000)];
        random.nextBytes(piece);
        int offset = piece.length == 0 ? 0 : random.nextInt(piece.length);
        buffer.write(piece, offset, piece.length - offset);
        in.write(piece, offset, piece.length - offset);
      } else if (buffer.size() > 0) {
        int length = 1 + random.nextInt((int) Math.min(buffer.size(), 100_000));
        byte[] copy = copy(buffer, length);
        if (random.nextBoolean()) {
          out.writeBytes(copy);
          buffer.consume(length);
        }
      }
      assertEquals(in.size() - out.size(), buffer.size());
    }
    if (buffer.size() > 0) {
      out.writeBytes(copy(buffer, (int) buffer.size()));
    }
    assertArrayEquals(in.toByteArray(), out.toByteArray());
  }

  private static byte[] copy(LogBuffer buffer, int length) {
    IoBuffer target =
        new IoBuffer(new IoMemory(ByteBuffer.allocate(length), 0), 0, length, used -> {}, 0);
    buffer.copyTo(target, length);
    return target.readAll();
  }
}
