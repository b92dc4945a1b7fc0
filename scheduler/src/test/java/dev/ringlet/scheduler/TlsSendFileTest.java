package dev.ringlet.scheduler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.AsyncFile;
import dev.ringlet.io.FileOption;
import dev.ringlet.io.TlsStream;
import dev.ringlet.spi.Errno;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that go out encrypted. */
@OnBothDrivers
final class TlsSendFileTest extends TlsTest {
  @TempDir Path directory;

  TlsSendFileTest(String driver) {
    super(driver);
  }

  private AsyncFile file(byte[] content, OpenOption... options) throws IOException {
    Path path = Files.write(directory.resolve("file"), content);
    return Systems.value(rig.executor(), io -> io.open(path, options));
  }

  private TlsRig.Begun<Integer> send(TlsStream stream, byte[] bytes) {
    return rig.begin(io -> stream.send(io.buffer(bytes.length).write(bytes)));
  }

  @Test
  void aFileComesBetweenTheSendsBeforeAndAfterIt() throws Exception {
    byte[] content = random(1_000_001);
    AsyncFile file = file(content, FileOption.DIRECT);
    int port = rig.serve(TlsRig.server());
    TlsStream near = rig.connect(port, TlsRig.client());
    TlsRig.Collector far = rig.collect(rig.acceptedStream(), 4);
    TlsRig.Begun<Integer> before = send(near, random(100_000));
    TlsRig.Begun<Long> sent = rig.begin(io -> near.sendFile(file, 1, Long.MAX_VALUE));
    TlsRig.Begun<Integer> between = send(near, random(5));
    TlsRig.Begun<Long> none = rig.begin(io -> near.sendFile(file, 0, 0));
    TlsRig.Begun<Long> beyond = rig.begin(io -> near.sendFile(file, 2_000_000, 9));
    TlsRig.Begun<Long> again = rig.begin(io -> near.sendFile(file, 0, 64 * 1024));
    TlsRig.Begun<Void> end = rig.begin(io -> near.shutdownOutput());
    assertEquals(100_000, before.value());
    assertEquals(content.length - 1, sent.value());
    assertEquals(5, between.value());
    assertEquals(0, none.value());
    assertEquals(0, beyond.value());
    assertEquals(64 * 1024, again.value());
    end.value();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(random(100_000));
    expected.write(content, 1, content.length - 1);
    expected.writeBytes(random(5));
    expected.write(content, 0, 64 * 1024);
    assertArrayEquals(expected.toByteArray(), far.regularEnd());
    rig.close(near);
    rig.close(far.stream());
    Systems.value(rig.executor(), io -> file.close());
    rig.assertRest();
  }

  @Test
  void aFileThatCannotBeReadFailsAloneIfNothingOfItHasLeft() throws Exception {
    AsyncFile file = file(random(10));
    int port = rig.serve(TlsRig.server());
    TlsStream near = rig.connect(port, TlsRig.client());
    TlsRig.Collector far = rig.collect(rig.acceptedStream(), 4);
    Systems.value(rig.executor(), io -> file.close());
    assertEquals(Errno.EBADF, rig.begin(io -> near.sendFile(file, 0, 10)).failure().errno());
    assertEquals(5, send(near, random(5)).value());
    far.awaitBytes(5);
    rig.close(near);
    rig.close(far.stream());
    rig.assertRest();
  }

  @Test
  void aCancelledFileBreaksTheOutputIfAPartHasLeft() throws Exception {
    AsyncFile file = file(new byte[32 << 20]);
    int port = rig.serve(TlsRig.server());
    TlsStream near = rig.connect(port, TlsRig.client());
    TlsStream far = rig.acceptedStream();
    TlsRig.Begun<Long> sent = rig.begin(io -> near.sendFile(file, 0, 32 << 20));
    TlsRig.Begun<Long> queued = rig.begin(io -> near.sendFile(file, 0, 32 << 20));
    TlsRig.Begun<Integer> behind = send(near, random(5));
    Collected.some(rig.executor(), far.receive(), 1, FileRig::take);
    queued.op().cancel();
    assertEquals(Errno.ECANCELED, queued.failure().errno());
    sent.op().cancel();
    assertEquals(Errno.ECANCELED, sent.failure().errno());
    assertEquals(Errno.EPIPE, send(near, random(5)).failure().errno());
    rig.begin(io -> near.abort()).value();
    int errno = behind.failure().errno();
    assertTrue(errno == Errno.EPIPE || errno == Errno.ECANCELED, "errno " + errno);
    rig.begin(io -> far.abort()).value();
    Systems.value(rig.executor(), io -> file.close());
    rig.assertRest();
  }
}
