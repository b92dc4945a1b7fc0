package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Pipes. */
interface PipeContract extends SendFileContract {
  default PipeEnds pipe() {
    return rig().payload(PipeEnds.class, TestRequest.pipe());
  }

  @Test
  default void whatIsWrittenToAPipeIsRead() {
    PipeEnds pipe = pipe();
    TestRequest waiting = rig().submit(TestRequest.receive(pipe.readEnd()));
    rig().settle();
    assertFalse(waiting.isFinished(), "nothing was written");
    assertEquals(3, rig().run(TestRequest.send(pipe.writeEnd(), rig().buffer(Bytes.of("one")))));
    assertArrayEquals(Bytes.of("one"), rig().take(rig().await(waiting).last()));
    IoBuffer[] two = {rig().buffer(Bytes.of("tw")), rig().buffer(4), rig().buffer(Bytes.of("o"))};
    assertEquals(2, rig().run(TestRequest.sendAll(pipe.writeEnd(), 1, two)));
    TestRequest next = rig().await(rig().submit(TestRequest.receive(pipe.readEnd())));
    assertArrayEquals(Bytes.of("wo"), rig().take(next.last()));
    assertEquals(0, rig().run(TestRequest.send(pipe.writeEnd(), rig().buffer(1))));
    assertEquals(0, rig().run(TestRequest.sendAll(pipe.writeEnd(), 0)));
  }

  /** Through a pipe and back, many times what a pipe holds. */
  @Test
  default void aPipeCarriesMuchInOrder() {
    PipeEnds pipe = pipe();
    byte[] content = Bytes.random(1 << 20);
    Receiver receiver = new Receiver(rig(), pipe.readEnd());
    IoBuffer buffer = rig().buffer(content);
    int done = 0;
    while (done < content.length) {
      int left = content.length - done;
      TestRequest send =
          TestRequest.transfer(IoOpcode.SEND, pipe.writeEnd(), 0, buffer, done, left);
      int result = rig().run(send);
      assertTrue(result > 0 && result <= left, "result of a send: " + result);
      done += result;
    }
    receiver.await(content.length);
    assertArrayEquals(content, receiver.bytes.toArray());
    receiver.stop();
  }

  @Test
  default void theCloseOfTheWritingEndEndsTheReading() {
    PipeEnds pipe = pipe();
    assertEquals(3, rig().run(TestRequest.send(pipe.writeEnd(), rig().buffer(Bytes.of("end")))));
    TestRequest many = rig().submit(TestRequest.receive(pipe.readEnd()).multishot());
    rig().awaitCompletions(many, 1);
    rig().close(pipe.writeEnd());
    if (rig().await(many).last().payload() != null) {
      rig().await(rig().submit(many)); // it had ended without the stream ending
    }
    assertArrayEquals(Bytes.of("end"), rig().takeAll(many));
    assertEquals(0, many.last().result());
    assertEquals(0, rig().run(TestRequest.receive(pipe.readEnd())));
  }

  @Test
  default void writingWithoutAReaderFails() {
    PipeEnds pipe = pipe();
    rig().close(pipe.readEnd());
    rig().fails(Errno.EPIPE, TestRequest.send(pipe.writeEnd(), rig().buffer(new byte[1])));
    IoBuffer buffer = rig().buffer(new byte[1]);
    rig().fails(Errno.EPIPE, TestRequest.sendAll(pipe.writeEnd(), 0, buffer));
  }

  /** Fills a pipe until a send waits. */
  default TestRequest blockedOnPipe(IoHandle writeEnd) {
    IoBuffer buffer = rig().buffer(new byte[1 << 20]);
    for (int i = 0; i < 100; i++) {
      TestRequest send = rig().submit(TestRequest.send(writeEnd, buffer));
      rig().settle();
      if (!send.isFinished()) {
        return send;
      }
      assertTrue(send.last().result() > 0, send::toString);
    }
    throw new AssertionError("100 MiB went into a pipe");
  }

  @Test
  default void aWriteThatWaitsForRoomEndsWhenNobodyReadsAnyMore() {
    PipeEnds pipe = pipe();
    TestRequest send = blockedOnPipe(pipe.writeEnd());
    rig().close(pipe.readEnd());
    assertEquals(-Errno.EPIPE, rig().await(send).last().result());
  }

  @Test
  default void whatWaitsOnAPipeIsCancelled() {
    PipeEnds pipe = pipe();
    TestRequest receive = rig().submit(TestRequest.receive(pipe.readEnd()).multishot());
    rig().settle();
    rig().cancel(receive);
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
    TestRequest send = blockedOnPipe(pipe.writeEnd());
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
  }

  @Test
  default void whatWaitsOnAPipeEndsBeforeItsClose() {
    PipeEnds pipe = pipe();
    TestRequest receive = rig().submit(TestRequest.receive(pipe.readEnd()));
    rig().settle();
    TestRequest close = rig().await(rig().submit(TestRequest.close(pipe.readEnd())));
    assertEquals(0, close.last().result());
    assertTrue(receive.isFinished(), "ends before the close");
    assertEquals(-Errno.ECANCELED, receive.last().result());
    PipeEnds other = pipe();
    TestRequest send = blockedOnPipe(other.writeEnd());
    close = rig().await(rig().submit(TestRequest.close(other.writeEnd())));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
    rig().fails(Errno.EBADF, TestRequest.receive(pipe.readEnd()));
    rig().fails(Errno.EBADF, TestRequest.send(other.writeEnd(), rig().buffer(new byte[1])));
    rig().fails(Errno.EBADF, TestRequest.close(other.writeEnd()));
  }

  @Test
  default void aFileGoesThroughAPipe() throws IOException {
    PipeEnds pipe = pipe();
    byte[] content = Bytes.random(1 << 20);
    IoHandle file = source(content);
    Receiver receiver = new Receiver(rig(), pipe.readEnd());
    assertEquals(content.length, sendFileTo(pipe.writeEnd(), file, 5_000, 1 << 20));
    receiver.await(content.length - 5_000);
    byte[] expected = Arrays.copyOfRange(content, 5_000, content.length);
    assertArrayEquals(expected, receiver.bytes.toArray());
    receiver.stop();
  }

  @Test
  default void whatComesThroughAPipeGoesToAFile() throws IOException {
    PipeEnds pipe = pipe();
    Path path = directory().resolve("target");
    int flags = IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    IoHandle file = rig().handle(TestRequest.open(path, flags));
    assertEquals(0, rig().run(TestRequest.receiveFile(pipe.readEnd(), file, 0, 0)));
    TestRequest waiting = rig().submit(TestRequest.receiveFile(pipe.readEnd(), file, 2, 100));
    rig().settle();
    assertFalse(waiting.isFinished(), "nothing was written");
    assertEquals(5, rig().run(TestRequest.send(pipe.writeEnd(), rig().buffer(Bytes.of("first")))));
    assertEquals(5, rig().await(waiting).last().result());
    assertEquals(6, rig().run(TestRequest.send(pipe.writeEnd(), rig().buffer(Bytes.of("second")))));
    assertEquals(3, rig().run(TestRequest.receiveFile(pipe.readEnd(), file, 7, 3)));
    assertEquals(3, rig().run(TestRequest.receiveFile(pipe.readEnd(), file, 10, 1 << 20)));
    rig().close(pipe.writeEnd());
    assertEquals(0, rig().run(TestRequest.receiveFile(pipe.readEnd(), file, 13, 100)));
    byte[] expected = new byte[13];
    System.arraycopy(Bytes.of("firstsecond"), 0, expected, 2, 11);
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  default void whatWaitsForAPipeForAFileIsEnded() throws IOException {
    PipeEnds pipe = pipe();
    IoHandle file =
        rig()
            .handle(
                TestRequest.open(
                    directory().resolve("t"), IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE));
    TestRequest receive = rig().submit(TestRequest.receiveFile(pipe.readEnd(), file, 0, 100));
    rig().settle();
    rig().cancel(receive);
    assertEquals(-Errno.ECANCELED, rig().await(receive).last().result());
    TestRequest again = rig().submit(TestRequest.receiveFile(pipe.readEnd(), file, 0, 100));
    rig().settle();
    TestRequest close = rig().await(rig().submit(TestRequest.close(file)));
    assertEquals(0, close.last().result());
    assertTrue(again.isFinished(), "ends before the close of the file");
    assertEquals(-Errno.ECANCELED, again.last().result());
    rig().fails(Errno.EBADF, TestRequest.receiveFile(pipe.readEnd(), file, 0, 100));
    IoHandle other =
        rig()
            .handle(
                TestRequest.open(
                    directory().resolve("u"), IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE));
    TestRequest last = rig().submit(TestRequest.receiveFile(pipe.readEnd(), other, 0, 100));
    close = rig().await(rig().submit(TestRequest.close(pipe.readEnd())));
    assertEquals(0, close.last().result());
    assertTrue(last.isFinished(), "ends before the close of the pipe");
    assertEquals(-Errno.ECANCELED, last.last().result());
  }

  /** Which the test's process needs; so nothing is written. */
  @Test
  default void aStandardStreamStaysOpenWhenItsHandleIsClosed() {
    for (int i = 0; i < 2; i++) {
      IoHandle errors = rig().handle(TestRequest.standard(2));
      assertEquals(0, rig().run(TestRequest.send(errors, rig().buffer(1))));
      rig().fails(Errno.EOPNOTSUPP, TestRequest.sendFile(errors, pipeFile(), 0, 9));
      rig().close(errors);
      rig().fails(Errno.EBADF, TestRequest.send(errors, rig().buffer(1)));
    }
  }

  private IoHandle pipeFile() {
    return rig()
        .handle(
            TestRequest.open(
                directory().resolve("any"),
                IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE));
  }

  @Test
  default void aFileThatWaitsForAPipeIsEnded() throws IOException {
    IoHandle file = source(new byte[1 << 20]);
    PipeEnds pipe = pipe();
    TestRequest send = blockedFile(pipe.writeEnd(), file);
    rig().cancel(send);
    int result = rig().await(send).last().result();
    assertTrue(result == -Errno.ECANCELED || result > 0, send::toString);
    send = blockedFile(pipe.writeEnd(), file);
    rig().close(pipe.readEnd());
    result = rig().await(send).last().result();
    assertTrue(result == -Errno.EPIPE || result > 0, send::toString);
    rig().fails(Errno.EPIPE, TestRequest.sendFile(pipe.writeEnd(), file, 0, 9));
    PipeEnds other = pipe();
    send = blockedFile(other.writeEnd(), file);
    TestRequest close = rig().await(rig().submit(TestRequest.close(other.writeEnd())));
    assertEquals(0, close.last().result());
    assertTrue(send.isFinished(), "ends before the close");
  }
}
