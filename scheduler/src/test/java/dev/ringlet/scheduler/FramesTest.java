package dev.ringlet.scheduler;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.actor.Actor;
import dev.ringlet.actor.ActorContext;
import dev.ringlet.actor.ActorOptions;
import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.ChunkOptions;
import dev.ringlet.io.Framing;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoStream;
import dev.ringlet.io.TcpStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of bytes cut into frames. */
@OnBothDrivers
final class FramesTest {
  private final String driver;
  @TempDir private Path folder;
  private FileWorkbench bench;

  FramesTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    bench = new FileWorkbench(driver, folder);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  private static ChunkOptions chunks(int bytes) {
    return ChunkOptions.defaults().withChunkBytes(bytes);
  }

  private Collected<byte[]> frames(IoStream<IoBuffer> source, Framing framing, long demand) {
    return Collected.all(
        bench.executor, bench.io.frames(source, framing), demand, FileWorkbench::take);
  }

  private Collected<byte[]> frames(byte[] data, int chunkBytes, Framing framing) {
    return frames(data, chunkBytes, framing, false);
  }

  private Collected<byte[]> frames(byte[] data, int chunkBytes, Framing framing, boolean direct) {
    AsyncFile file = bench.open("data", data, direct);
    Collected<byte[]> got = frames(file.chunks(chunks(chunkBytes)), framing, 3);
    bench.value(file.close());
    return got;
  }

  private static void assertFrames(List<byte[]> expected, Collected<byte[]> got) {
    assertNull(got.failure);
    assertEquals(expected.size(), got.elements.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), got.elements.get(i), "frame " + i);
    }
  }

  /** Frames of random lengths, short ones and some that need several chunks. */
  private static List<byte[]> randomFrames(Random random, int count, byte without) {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(10) == 0 ? random.nextInt(500) : random.nextInt(20);
      byte[] frame = FileWorkbench.bytes(random, length);
      for (int b = 0; b < length; b++) {
        if (frame[b] == without) {
          frame[b]++;
        }
      }
      frames.add(frame);
    }
    return frames;
  }

  @Test
  void delimitedFramesAreFoundWhereverChunksEnd() {
    Random random = FileWorkbench.random("delimitedFramesAreFoundWhereverChunksEnd");
    for (int round = 0; round < 20; round++) {
      byte delimiter = (byte) random.nextInt(256);
      List<byte[]> expected = randomFrames(random, 300, delimiter);
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (byte[] frame : expected) {
        data.writeBytes(frame);
        data.write(delimiter);
      }
      int chunk = 1 + random.nextInt(round % 2 == 0 ? 40 : 4000);
      assertFrames(expected, frames(data.toByteArray(), chunk, Framing.delimited(delimiter)));
    }
  }

  @Test
  void lengthPrefixedFramesAreFoundWhereverChunksEnd() {
    Random random = FileWorkbench.random("lengthPrefixedFramesAreFoundWhereverChunksEnd");
    for (int round = 0; round < 20; round++) {
      int prefix = 1 << (1 + random.nextInt(2));
      List<byte[]> expected = randomFrames(random, 300, (byte) 0);
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (byte[] frame : expected) {
        byte[] length = ByteBuffer.allocate(4).putInt(frame.length).array();
        data.write(length, 4 - prefix, prefix);
        data.writeBytes(frame);
      }
      int chunk = 1 + random.nextInt(round % 2 == 0 ? 40 : 4000);
      assertFrames(expected, frames(data.toByteArray(), chunk, Framing.lengthPrefixed(prefix)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fixedFramesAreFoundWhereverChunksEnd(boolean direct) {
    Random random = FileWorkbench.random("fixedFramesAreFoundWhereverChunksEnd");
    for (int round = 0; round < 20; round++) {
      int length = 1 + random.nextInt(300);
      List<byte[]> expected = new ArrayList<>();
      ByteArrayOutputStream data = new ByteArrayOutputStream();
      for (int i = 0; i < 200; i++) {
        expected.add(FileWorkbench.bytes(random, length));
        data.writeBytes(expected.get(i));
      }
      int chunk = 10 + random.nextInt(1000);
      assertFrames(expected, frames(data.toByteArray(), chunk, Framing.fixed(length), direct));
    }
  }

  private List<String> lines(String text, int chunkBytes) {
    AsyncFile file = bench.open("text", text.getBytes(UTF_8));
    Collected<String> got =
        Collected.all(
            bench.executor,
            bench.io.lines(file.chunks(chunks(chunkBytes))),
            Long.MAX_VALUE,
            line -> line);
    assertNull(got.failure);
    bench.value(file.close());
    return got.elements;
  }

  @Test
  void linesAreThoseOfAReader() {
    String text = "one\ntwo\r\n\n\r\nthr\ree\u20ac\nlast";
    List<String> expected = List.of("one", "two", "", "", "thr\ree\u20ac", "last");
    for (int chunk = 1; chunk < 30; chunk++) {
      assertEquals(expected, lines(text, chunk), "chunks of " + chunk);
      assertEquals(expected, lines(text + "\n", chunk), "chunks of " + chunk);
      assertEquals(List.of("x\r"), lines("x\r", chunk));
      assertEquals(List.of(), lines("", chunk));
      assertEquals(List.of(""), lines("\r\n", chunk));
    }
    String longLine = "z".repeat(5_000);
    assertEquals(List.of(longLine, longLine), lines(longLine + "\n" + longLine, 700));
  }

  @Test
  void textIsInTheCharacterSetThatIsGiven() {
    AsyncFile file = bench.open("latin", "\u00e4\n\u00f6".getBytes(ISO_8859_1));
    Collected<String> got =
        Collected.all(
            bench.executor,
            bench.io.lines(file.chunks(), Framing.lines(), ISO_8859_1),
            1,
            line -> line);
    assertEquals(List.of("\u00e4", "\u00f6"), got.elements);
    bench.value(file.close());
  }

  private static void assertTooLong(Collected<byte[]> got, int frames, int position) {
    assertEquals(frames, got.elements.size());
    IoException failure = got.failure;
    assertNotNull(failure);
    assertEquals(Errno.EMSGSIZE, failure.errno());
    String message = failure.getMessage();
    assertTrue(message.contains("at byte " + position), message);
    assertTrue(message.contains("withMaxLength"), message);
  }

  @Test
  void aFrameThatIsTooLongEndsTheStream() {
    byte[] text = "12345\r\n12345\n123456\n1\n".getBytes(UTF_8);
    for (int chunk = 1; chunk < 30; chunk++) {
      assertTooLong(frames(text, chunk, Framing.lines().withMaxLength(5)), 2, 13);
      assertTooLong(
          frames("12\n123456".getBytes(UTF_8), chunk, Framing.lines().withMaxLength(5)), 1, 3);
      byte[] prefixed = {0, 1, 9, 0, 6, 1, 2, 3, 4, 5, 6};
      assertTooLong(frames(prefixed, chunk, Framing.lengthPrefixed(2).withMaxLength(5)), 1, 3);
    }
    // A length is unsigned, also where it has all its bits.
    byte[] huge = {-1, -1, -1, -1, 1, 2};
    assertTooLong(frames(huge, 3, Framing.lengthPrefixed(4)), 0, 0);
  }

  @Test
  void aStreamThatEndsWithinAFrameSaysSo() {
    byte[][] cut = {{0, 2, 1, 2, 0}, {0, 2, 1, 2, 0, 3}, {0, 2, 1, 2, 0, 3, 1, 2}};
    for (byte[] data : cut) {
      for (int chunk = 1; chunk < 10; chunk++) {
        Collected<byte[]> got = frames(data, chunk, Framing.lengthPrefixed(2));
        assertEquals(1, got.elements.size());
        assertNotNull(got.failure);
        assertEquals(Errno.EBADMSG, got.failure.errno());
        assertTrue(got.failure.getMessage().contains("at byte 4"), got.failure.getMessage());
      }
    }
    assertNotNull(frames(new byte[7], 2, Framing.fixed(3)).failure);
  }

  @Test
  void theFailureOfTheSourceComesAfterItsFrames() {
    AsyncFile file = bench.open("closed", new byte[10]);
    IoStream<IoBuffer> chunks = file.chunks();
    bench.value(file.close());
    Collected<byte[]> got = frames(chunks, Framing.fixed(1), 1);
    assertNotNull(got.failure);
    assertEquals(Errno.EBADF, got.failure.errno());
  }

  /** Frames are held while others of the same chunk are released, in any order. */
  @Test
  void framesOutliveTheStream() {
    byte[] data = FileWorkbench.bytes(new Random(4), 10_000);
    AsyncFile file = bench.open("data", data);
    Collected<IoBuffer> got =
        Collected.all(
            bench.executor,
            bench.io.frames(file.chunks(chunks(999)), Framing.fixed(100)),
            7,
            frame -> frame);
    assertEquals(100, got.elements.size());
    for (int i = 99; i >= 0; i--) {
      byte[] frame = FileWorkbench.take(got.elements.get(i));
      assertArrayEquals(Arrays.copyOfRange(data, i * 100, i * 100 + 100), frame);
      IoBuffer released = got.elements.get(i);
      assertThrows(IllegalStateException.class, released::readable);
    }
    bench.value(file.close());
  }

  @Test
  void whoCancelsOrStopsGivesAllBack() {
    AsyncFile file = bench.open("data", new byte[1_000_000]);
    for (int count = 1; count <= 20; count++) {
      IoStream<IoBuffer> frames = bench.io.frames(file.chunks(chunks(5_000)), Framing.fixed(777));
      var taker = Collected.some(bench.executor, frames, count, FileWorkbench::take);
      boolean stops = count % 2 == 0;
      taker.tell(stops ? Collected.STOP : Collected.CANCEL);
      Systems.awaitUntil(() -> bench.lent() == 0);
      if (!stops) {
        taker.tell(Collected.STOP);
      }
    }
    bench.value(file.close());
  }

  /** However many frames are wanted, each takes its turn as a message does. */
  @Test
  void messagesComeBetweenFrames() {
    AsyncFile file = bench.open("data", new byte[1000]);
    IoStream<IoBuffer> frames = bench.io.frames(file.chunks(), Framing.fixed(1));
    CompletableFuture<Integer> framesBefore = new CompletableFuture<>();
    CompletableFuture<Integer> total = new CompletableFuture<>();
    bench.executor.spawn(() -> new Counting(frames, framesBefore, total), ActorOptions.defaults());
    assertEquals(2, Systems.get(framesBefore));
    assertEquals(1000, Systems.get(total));
    bench.value(file.close());
  }

  private static final class Counting implements Actor<Object> {
    private final IoStream<IoBuffer> frames;
    private final CompletableFuture<Integer> framesBefore;
    private final CompletableFuture<Integer> total;
    private int count;

    Counting(
        IoStream<IoBuffer> frames,
        CompletableFuture<Integer> framesBefore,
        CompletableFuture<Integer> total) {
      this.frames = frames;
      this.framesBefore = framesBefore;
      this.total = total;
    }

    @Override
    public void preStart(ActorContext<Object> context) {
      context.subscribe(frames, frame -> frame, failure -> "end", Long.MAX_VALUE);
    }

    @Override
    public void receive(Object message, ActorContext<Object> context) {
      if (message instanceof IoBuffer frame) {
        frame.release();
        if (count++ == 0) {
          context.self().tell("message");
        }
      } else if (message.equals("message")) {
        framesBefore.complete(count);
      } else {
        total.complete(count);
        context.stop();
      }
    }
  }

  /** The connection that a client of the test makes. */
  private TcpStream accept(Socket[] client) throws Exception {
    CompletableFuture<TcpStream> accepted = new CompletableFuture<>();
    InetSocketAddress address =
        Systems.listen(bench.executor, (stream, context) -> accepted.complete(stream));
    client[0] = new Socket(address.getAddress(), address.getPort());
    return Systems.get(accepted);
  }

  @Test
  void framesOfAConnection() throws Exception {
    Random random = FileWorkbench.random("framesOfAConnection");
    Socket[] client = new Socket[1];
    for (long demand : new long[] {1, 5, Long.MAX_VALUE}) {
      TcpStream stream = accept(client);
      List<byte[]> expected = randomFrames(random, 5_000, (byte) 0);
      Thread sender =
          new Thread(
              () -> {
                try (OutputStream out = client[0].getOutputStream()) {
                  ByteArrayOutputStream data = new ByteArrayOutputStream();
                  for (byte[] frame : expected) {
                    data.write(frame.length >> 8);
                    data.write(frame.length);
                    data.writeBytes(frame);
                    if (random.nextInt(50) == 0) {
                      out.write(data.toByteArray());
                      data.reset();
                    }
                  }
                  out.write(data.toByteArray());
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      assertFrames(expected, frames(stream.receive(), Framing.lengthPrefixed(2), demand));
      sender.join();
      bench.value(stream.close());
    }
  }

  /** What waits for demand holds none of the buffers that all connections need. */
  @Test
  void framesThatNobodyWantsHoldNoReceiveBuffers() throws Exception {
    Socket[] client = new Socket[1];
    TcpStream stream = accept(client);
    client[0].getOutputStream().write(new byte[100_000]);
    IoStream<IoBuffer> frames = bench.io.frames(stream.receive(), Framing.fixed(10));
    var taker = Collected.some(bench.executor, frames, 3, FileWorkbench::take);
    Systems.awaitUntil(() -> bench.executor.stats().io().buffersLent() == 0);
    taker.tell(Collected.STOP);
    bench.value(stream.close());
    client[0].close();
  }

  @Test
  void aSourceWithASubscriptionIsRefused() throws Exception {
    Socket[] client = new Socket[1];
    TcpStream stream = accept(client);
    IoStream<IoBuffer> frames = bench.io.frames(stream.receive(), Framing.fixed(10));
    var taker = Collected.some(bench.executor, frames, 0, FileWorkbench::take);
    assertThrows(
        java.util.concurrent.CompletionException.class,
        () -> Collected.some(bench.executor, frames, 0, FileWorkbench::take));
    taker.tell(Collected.STOP);
    bench.value(stream.close());
    client[0].close();
  }

  @Test
  void aForeignSourceAndBadLengthsAreRefused() {
    IoStream<IoBuffer> foreign =
        new IoStream<>() {
          @Override
          public dev.ringlet.executor.ActorExecutor executor() {
            return bench.executor;
          }

          @Override
          public void discard(IoBuffer element) {
            element.release();
          }
        };
    assertThrows(IllegalArgumentException.class, () -> bench.io.frames(foreign, Framing.lines()));
    assertThrows(IllegalArgumentException.class, () -> Framing.fixed(0));
    assertThrows(IllegalArgumentException.class, () -> Framing.lengthPrefixed(3));
    assertThrows(IllegalArgumentException.class, () -> Framing.lines().withMaxLength(0));
    assertThrows(IllegalArgumentException.class, () -> Framing.fixed(9).withMaxLength(8));
  }
}
