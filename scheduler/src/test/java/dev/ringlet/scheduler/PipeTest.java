package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoException;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.IoPipe;
import dev.ringlet.io.SocketOptions;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipes as users see them. */
@OnBothDrivers
final class PipeTest {
  private final String driver;
  private FileRig rig;
  private int descriptors;

  @TempDir Path directory;

  PipeTest(String driver) {
    this.driver = driver;
  }

  @BeforeEach
  void open() {
    rig = new FileRig(driver);
    descriptors = FileRig.descriptors();
  }

  @AfterEach
  void close() {
    rig.system.close();
  }

  private void assertAtRest() {
    Systems.awaitUntil(() -> rig.buffersLent() == 0);
    Systems.awaitUntil(() -> rig.system.stats().executors().get(0).io().inFlight() == 0);
    Systems.awaitUntil(() -> FileRig.descriptors() <= descriptors);
    assertEquals(0, rig.system.stats().failures());
  }

  private IoPipe pipe() {
    return rig.get(rig.io.pipe());
  }

  private void close(IoPipe pipe) {
    rig.get(pipe.output().close());
    rig.get(pipe.input().close());
  }

  private static byte[] random(int length) {
    byte[] data = new byte[length];
    new Random(length).nextBytes(data);
    return data;
  }

  private static int errno(CompletionStage<?> stage) {
    Throwable failure = Systems.get(stage.handle((value, thrown) -> thrown));
    return ((IoException) failure).errno();
  }

  private CompletableFuture<Object> collect(IoPipe pipe, ByteArrayOutputStream target) {
    return Subscriber.all(
        rig.executor(),
        pipe.input().receive(),
        buffer -> {
          target.writeBytes(buffer.readAll());
          buffer.release();
        });
  }

  @Test
  void whatIsSentAtOneEndComesOutAtTheOther() throws IOException {
    IoPipe pipe = pipe();
    byte[] content = random(700_000);
    AsyncFile file = rig.open(Files.write(directory.resolve("file"), content));
    CompletionStage<Integer> one = pipe.output().send(rig.buffer(content)).toCompletionStage();
    List<IoBuffer> buffers = List.of(rig.buffer(random(3)), rig.buffer(random(100_000)));
    CompletionStage<Long> many = pipe.output().send(buffers).toCompletionStage();
    CompletionStage<Long> sent =
        pipe.output().sendFile(file, 1, Long.MAX_VALUE).toCompletionStage();
    CompletionStage<Integer> last = pipe.output().write(rig.buffer(random(9))).toCompletionStage();
    CompletionStage<Void> end = pipe.output().shutdownOutput().toCompletionStage();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    assertEquals("regular end", Systems.get(collect(pipe, got)));
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(content);
    expected.writeBytes(random(3));
    expected.writeBytes(random(100_000));
    expected.write(content, 1, content.length - 1);
    expected.writeBytes(random(9));
    assertArrayEquals(expected.toByteArray(), got.toByteArray());
    assertEquals(content.length, Systems.get(one));
    assertEquals(100_003, Systems.get(many));
    assertEquals(content.length - 1, Systems.get(sent));
    assertEquals(9, Systems.get(last));
    Systems.get(end);
    assertEquals(Errno.EBADF, errno(pipe.output().send(rig.buffer(random(1))).toCompletionStage()));
    close(pipe);
    close(pipe);
    rig.close();
  }

  @Test
  void nothingIsReadWithoutDemand() {
    IoPipe pipe = pipe();
    rig.get(pipe.output().send(rig.buffer("one".getBytes(StandardCharsets.UTF_8))));
    List<String> got = new ArrayList<>();
    Collected.some(
        rig.executor(),
        pipe.input().receive(),
        1,
        buffer -> {
          got.add(new String(FileRig.take(buffer), StandardCharsets.UTF_8));
          return buffer;
        });
    assertEquals(List.of("one"), got);
    // A pipe holds 64 KiB: without a reader the rest has to wait.
    CompletionStage<Integer> much =
        pipe.output().send(rig.buffer(new byte[1 << 20])).toCompletionStage();
    Systems.inTurn(
        rig.executor(),
        context -> {
          assertTrue(pipe.output().pendingBytes() > 0);
          assertThrows(
              IllegalStateException.class,
              () -> context.subscribe(pipe.input().receive(), buffer -> buffer, 1),
              "one subscription at a time");
        });
    rig.get(pipe.input().close());
    assertEquals(Errno.EPIPE, errno(much));
    rig.get(pipe.output().close());
    assertAtRest();
  }

  @Test
  void whatComesThroughAPipeGoesToAFile() throws IOException {
    byte[] content = random(1_000_000);
    AsyncFile source = rig.open(Files.write(directory.resolve("source"), content));
    Path path = directory.resolve("target");
    AsyncFile target = rig.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    IoPipe pipe = pipe();
    CompletionStage<Long> moved =
        pipe.input().receiveTo(target, 0, Long.MAX_VALUE).toCompletionStage();
    assertEquals(Errno.EBUSY, errno(pipe.input().receiveTo(target, 0, 1).toCompletionStage()));
    Systems.inTurn(
        rig.executor(),
        context ->
            assertThrows(
                IllegalStateException.class,
                () -> context.subscribe(pipe.input().receive(), buffer -> buffer, 1)));
    rig.get(pipe.output().sendFile(source, 0, content.length));
    rig.get(pipe.output().send(rig.buffer(random(10))));
    rig.get(pipe.output().shutdownOutput());
    assertEquals(content.length + 10, Systems.get(moved));
    byte[] written = Files.readAllBytes(path);
    assertArrayEquals(content, Arrays.copyOf(written, content.length));
    assertArrayEquals(random(10), Arrays.copyOfRange(written, content.length, content.length + 10));
    assertEquals(0, rig.get(pipe.input().receiveTo(target, 0, 5)), "at the end");
    close(pipe);
    rig.close();
  }

  @Test
  void aPartOfWhatComesGoesToAFileAndTheRestElsewhere() throws IOException {
    Path path = directory.resolve("target");
    AsyncFile target = rig.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    IoPipe pipe = pipe();
    IoOp<Long> cancelled = pipe.input().receiveTo(target, 0, 5);
    CompletionStage<Long> outcome = cancelled.toCompletionStage();
    cancelled.cancel();
    assertEquals(Errno.ECANCELED, errno(outcome));
    rig.get(pipe.output().send(rig.buffer("headbody".getBytes(StandardCharsets.UTF_8))));
    assertEquals(4, rig.get(pipe.input().receiveTo(target, 1, 4)));
    assertArrayEquals("\0head".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(path));
    CompletableFuture<IoBuffer> rest = Subscriber.first(rig.executor(), pipe.input().receive());
    assertArrayEquals("body".getBytes(StandardCharsets.UTF_8), FileRig.take(Systems.get(rest)));
    AsyncFile appended = rig.open(path, StandardOpenOption.APPEND);
    assertThrows(IllegalArgumentException.class, () -> pipe.input().receiveTo(appended, 0, 4));
    CompletionStage<Long> waits = pipe.input().receiveTo(target, 0, 4).toCompletionStage();
    rig.get(pipe.input().close());
    assertEquals(Errno.ECANCELED, errno(waits));
    rig.get(pipe.output().close());
    rig.close();
  }

  @Test
  void whatAFileDoesNotTakeIsStillInThePipe() throws IOException {
    Path path = Files.createFile(directory.resolve("target"));
    AsyncFile forReading = rig.open(path);
    AsyncFile target = rig.open(path, StandardOpenOption.WRITE);
    IoPipe pipe = pipe();
    rig.get(pipe.output().send(rig.buffer("headbody".getBytes(StandardCharsets.UTF_8))));
    for (int i = 0; i < 2; i++) {
      rig.fails(Errno.EBADF, pipe.input().receiveTo(forReading, 0, Long.MAX_VALUE));
    }
    assertEquals(4, rig.get(pipe.input().receiveTo(target, 0, 4)));
    assertArrayEquals("head".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(path));
    rig.fails(Errno.EBADF, pipe.input().receiveTo(forReading, 0, 3));
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    CompletableFuture<Object> end = collect(pipe, got);
    rig.get(pipe.output().send(rig.buffer("tail".getBytes(StandardCharsets.UTF_8))));
    rig.get(pipe.output().close());
    assertEquals("regular end", Systems.get(end));
    assertEquals("bodytail", got.toString(StandardCharsets.UTF_8));
    rig.get(pipe.input().close());
    rig.close();
  }

  @Test
  void aFileTakesOverFromASubscriptionThatIsCancelled() throws IOException {
    Path path = directory.resolve("target");
    AsyncFile target = rig.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    IoPipe pipe = pipe();
    List<IoOp<Long>> moves = new ArrayList<>();
    List<CompletionStage<Long>> moved = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Systems.inTurn(
          rig.executor(),
          context -> {
            context.subscribe(pipe.input().receive(), buffer -> buffer, 5).cancel();
            moves.add(pipe.input().receiveTo(target, 0, 4));
            moved.add(moves.get(moves.size() - 1).toCompletionStage());
            if (moves.size() == 1) {
              moves.get(0).cancel();
            }
          });
    }
    assertEquals(Errno.ECANCELED, errno(moved.get(0)));
    Systems.awaitUntil(() -> rig.system.stats().executors().get(0).io().inFlight() == 1);
    rig.get(pipe.output().send(rig.buffer("head".getBytes(StandardCharsets.UTF_8))));
    assertEquals(4, Systems.get(moved.get(1)));
    assertArrayEquals("head".getBytes(StandardCharsets.UTF_8), Files.readAllBytes(path));
    close(pipe);
    rig.close();
  }

  @Test
  void linesComeOutOfAPipe() {
    IoPipe pipe = pipe();
    byte[] text = "one\ntwo\n\nlast".getBytes(StandardCharsets.UTF_8);
    CompletionStage<Integer> sent = pipe.output().send(rig.buffer(text)).toCompletionStage();
    CompletionStage<Void> end = pipe.output().shutdownOutput().toCompletionStage();
    Collected<String> lines =
        Collected.all(rig.executor(), rig.io.lines(pipe.input().receive()), 1, line -> line);
    assertEquals(List.of("one", "two", "", "last"), lines.elements);
    assertEquals(text.length, Systems.get(sent));
    Systems.get(end);
    rig.get(pipe.input().close());
    assertAtRest();
  }

  @Test
  void sendsFailWhenNobodyReadsAnyMore() {
    IoPipe pipe = pipe();
    rig.get(pipe.input().close());
    assertEquals(Errno.EPIPE, errno(pipe.output().send(rig.buffer(random(1))).toCompletionStage()));
    close(pipe);
    assertAtRest();
  }

  @Test
  void aCloseEndsWhatWaits() throws IOException {
    AsyncFile file = rig.get(rig.io.open(Files.write(directory.resolve("f"), random(1 << 20))));
    IoPipe pipe = pipe();
    CompletionStage<Integer> sent =
        pipe.output().send(rig.buffer(new byte[1 << 20])).toCompletionStage();
    CompletionStage<Long> behind = pipe.output().sendFile(file, 0, 9).toCompletionStage();
    rig.get(pipe.output().close());
    assertEquals(Errno.ECANCELED, errno(sent));
    assertEquals(Errno.ECANCELED, errno(behind));
    close(pipe);
    IoPipe other = pipe();
    CompletionStage<Long> fileSent = other.output().sendFile(file, 0, 1 << 20).toCompletionStage();
    CompletableFuture<Object> end = collect(pipe(), new ByteArrayOutputStream());
    rig.get(other.output().close());
    assertEquals(Errno.ECANCELED, errno(fileSent));
    close(other);
    rig.get(file.close());
    assertTrue(!end.isDone(), "the writing end is open");
    rig.system.close();
  }

  @Test
  void aClosedInputEndsItsStream() {
    IoPipe pipe = pipe();
    CompletableFuture<Object> end = collect(pipe, new ByteArrayOutputStream());
    Systems.awaitUntil(() -> rig.system.stats().executors().get(0).io().inFlight() > 0);
    rig.get(pipe.input().close());
    assertEquals("regular end", Systems.get(end));
    rig.get(pipe.output().close());
    assertAtRest();
  }

  @Test
  void moreThanTheOutputLimitIsRefused() {
    IoPipe pipe = pipe();
    int limit = Math.toIntExact(SocketOptions.DEFAULT_OUTPUT_LIMIT);
    IoOp<Integer> first = pipe.output().send(rig.buffer(new byte[limit]));
    CompletionStage<Integer> sent = first.toCompletionStage();
    IoOp<Integer> second = pipe.output().send(rig.buffer(new byte[limit]));
    assertEquals(Errno.ENOBUFS, errno(second.toCompletionStage()));
    first.cancel();
    assertEquals(Errno.ECANCELED, errno(sent));
    assertEquals(Errno.EPIPE, errno(pipe.output().send(rig.buffer(random(1))).toCompletionStage()));
    close(pipe);
    assertAtRest();
  }

  @Test
  void aPipeNobodyWaitsForIsClosed() {
    IoOp<IoPipe> pipe = rig.io.pipe();
    CompletableFuture<IoPipe> stage = pipe.toCompletionStage().toCompletableFuture();
    if (stage.cancel(false)) {
      assertAtRest();
    } else {
      close(stage.join());
      assertAtRest();
    }
  }
}
