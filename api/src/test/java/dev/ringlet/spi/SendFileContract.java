package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sending files past user space. */
interface SendFileContract extends DriverContractPart {
  default IoHandle source(byte[] content) throws IOException {
    Path path = Files.write(directory().resolve("source"), content);
    return rig().handle(TestRequest.open(path, IoRequest.OPEN_READ));
  }

  /** Sends a part of a file, going on after short sends; returns where it has ended. */
  default long sendFileTo(IoHandle socket, IoHandle file, long from, int piece) {
    long position = from;
    for (; ; ) {
      int result = rig().run(TestRequest.sendFile(socket, file, position, piece));
      assertTrue(result >= 0 && result <= piece, "result of sending a file: " + result);
      if (result == 0) {
        return position;
      }
      position += result;
    }
  }

  @Test
  default void aSlowPeerGetsAWholeFile() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random((16 << 20) + 77);
    IoHandle file = source(content);
    CompletableFuture<byte[]> received =
        peers().beside(() -> pair.peer().getInputStream().readNBytes(content.length));
    assertEquals(content.length, sendFileTo(pair.handle(), file, 0, 1 << 20));
    assertArrayEquals(content, peers().join(received));
  }

  @Test
  default void aFileIsSentFromWhereItIsAskedToTheEnd() throws IOException {
    Peers.Pair pair = peers().pair();
    byte[] content = Bytes.random(20_000);
    IoHandle file = source(content);
    assertEquals(content.length, sendFileTo(pair.handle(), file, 4_097, 3_000));
    byte[] expected = Arrays.copyOfRange(content, 4_097, content.length);
    assertArrayEquals(expected, pair.peer().getInputStream().readNBytes(expected.length));
    assertEquals(0, rig().run(TestRequest.sendFile(pair.handle(), file, content.length, 10)));
    assertEquals(0, rig().run(TestRequest.sendFile(pair.handle(), file, 1L << 40, 10)));
    assertEquals(0, rig().run(TestRequest.sendFile(pair.handle(), file, 0, 0)));
  }

  @Test
  default void otherSendsComeBetweenFiles() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle file = source(Bytes.of("-of the file-"));
    for (int i = 0; i < 20; i++) {
      assertEquals(3, rig().run(TestRequest.send(pair.handle(), rig().buffer(Bytes.of("one")))));
      assertEquals(13, rig().run(TestRequest.sendFile(pair.handle(), file, 0, 100)));
      byte[] expected = Bytes.of("one-of the file-");
      assertArrayEquals(expected, pair.peer().getInputStream().readNBytes(expected.length));
    }
  }

  @Test
  default void whatIsWrongWithAFileIsTold() throws IOException {
    Peers.Pair pair = peers().pair();
    Path path = Files.write(directory().resolve("sink"), new byte[10]);
    IoHandle writable = rig().handle(TestRequest.open(path, IoRequest.OPEN_WRITE));
    rig().fails(Errno.EBADF, TestRequest.sendFile(pair.handle(), writable, 0, 5));
    rig().fails(Errno.EINVAL, TestRequest.sendFile(pair.handle(), source(new byte[9]), -1, 5));
    IoHandle closed = source(new byte[9]);
    rig().close(closed);
    rig().fails(Errno.EBADF, TestRequest.sendFile(pair.handle(), closed, 0, 5));
    IoHandle file = source(new byte[9]);
    rig().close(pair.handle());
    rig().fails(Errno.EBADF, TestRequest.sendFile(pair.handle(), file, 0, 5));
  }

  @Test
  default void aFileAfterTheEndOfTheOutputFails() throws IOException {
    Peers.Pair pair = peers().pair();
    assertEquals(0, rig().run(TestRequest.shutdownOutput(pair.handle())));
    rig().fails(Errno.EPIPE, TestRequest.sendFile(pair.handle(), source(new byte[9]), 0, 9));
  }

  /** Sends a file to a peer that does not read, until a send waits. */
  default TestRequest blockedFile(IoHandle socket, IoHandle file) {
    for (int i = 0; i < 1_000; i++) {
      TestRequest send = rig().submit(TestRequest.sendFile(socket, file, 0, 1 << 20));
      rig().settle();
      if (!send.isFinished()) {
        return send;
      }
      assertTrue(send.last().result() > 0, send::toString);
    }
    throw new AssertionError("a lot went to a peer that does not read");
  }

  @Test
  default void aFileWaitsForRoom() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle file = source(new byte[1 << 20]);
    TestRequest send = blockedFile(pair.handle(), file);
    CompletableFuture<Long> read =
        peers()
            .beside(
                () -> {
                  long bytes = 0;
                  byte[] piece = new byte[10_000];
                  int count = pair.peer().getInputStream().read(piece);
                  while (count >= 0) {
                    bytes += count;
                    count = pair.peer().getInputStream().read(piece);
                  }
                  return bytes;
                });
    assertTrue(rig().await(send).last().result() > 0, send::toString);
    rig().close(pair.handle());
    assertTrue(peers().join(read) > 0);
  }

  @Test
  default void aBlockedFileIsCancelled() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedFile(pair.handle(), source(new byte[1 << 20]));
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    assertEquals(1, send.completions.size());
  }

  @Test
  default void aFileIsCancelledAtOnce() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle file = source(new byte[1 << 20]);
    for (int i = 0; i < 20; i++) {
      TestRequest send = rig().submit(TestRequest.sendFile(pair.handle(), file, 0, 1 << 10));
      if (i % 2 == 0) {
        rig().driver.flush();
      }
      rig().cancel(send);
      int result = rig().await(send).last().result();
      assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    }
  }

  @Test
  default void aBlockedFileEndsBeforeTheCloseOfTheSocket() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedFile(pair.handle(), source(new byte[1 << 20]));
    TestRequest close = rig().await(rig().submit(TestRequest.close(pair.handle())));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
    assertTrue(send.last().number() < close.last().number());
  }

  @Test
  default void aFileThatIsBegunEndsBeforeTheCloseOfTheSocket() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle file = source(new byte[1 << 20]);
    TestRequest send = rig().submit(TestRequest.sendFile(pair.handle(), file, 0, 1 << 20));
    TestRequest close = rig().await(rig().submit(TestRequest.close(pair.handle())));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
    assertTrue(send.last().number() < close.last().number());
  }

  @Test
  default void aBlockedFileEndsBeforeItIsClosed() throws IOException {
    Peers.Pair pair = peers().pair();
    IoHandle file = source(new byte[1 << 20]);
    TestRequest send = blockedFile(pair.handle(), file);
    TestRequest close = rig().await(rig().submit(TestRequest.close(file)));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
    assertTrue(send.last().number() < close.last().number());
    int result = send.last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
  }

  @Test
  default void aFileToAPeerThatResetsFails() throws IOException {
    Peers.Pair pair = peers().pair();
    TestRequest send = blockedFile(pair.handle(), source(new byte[1 << 20]));
    Peers.reset(pair.peer());
    rig().await(send);
    rig().until("a send fails", () -> rig().await(send).last().result() < 0 || sendMore(send));
    int errno = -send.last().result();
    assertTrue(errno == Errno.EPIPE || errno == Errno.ECONNRESET, send::toString);
  }

  private boolean sendMore(TestRequest send) {
    rig().submit(send);
    return false;
  }
}
