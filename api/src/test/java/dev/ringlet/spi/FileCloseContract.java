package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Closing files. */
interface FileCloseContract extends DriverContractPart {
  default IoHandle fileToClose() {
    int flags = IoRequest.OPEN_READ | IoRequest.OPEN_WRITE | IoRequest.OPEN_CREATE;
    return rig().handle(TestRequest.open(directory().resolve("closed"), flags));
  }

  @Test
  default void writesInFlightCompleteBeforeTheClose() throws IOException {
    Path path = directory().resolve("closed");
    IoHandle file = fileToClose();
    int count = 200;
    byte[] content = Bytes.random(count);
    IoBuffer buffer = rig().buffer(content);
    List<TestRequest> writes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      writes.add(rig().submit(TestRequest.transfer(IoOpcode.WRITE, file, i, buffer, i, 1)));
    }
    TestRequest close = rig().submit(TestRequest.close(file));
    assertEquals(0, rig().await(close).last().result());
    for (TestRequest write : writes) {
      assertTrue(write.isFinished(), "completes before the close");
      assertEquals(1, write.last().result());
      assertTrue(write.last().number() < close.last().number(), "completes before the close");
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void everyRequestInFlightCompletesBeforeTheClose() {
    IoHandle file = fileToClose();
    List<TestRequest> requests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      requests.add(rig().submit(TestRequest.write(file, 0, rig().buffer(new byte[100]))));
      requests.add(rig().submit(TestRequest.read(file, 0, rig().buffer(100))));
      requests.add(rig().submit(TestRequest.size(file)));
      requests.add(rig().submit(TestRequest.dataSync(file)));
      requests.add(rig().submit(TestRequest.truncate(file, 100)));
      requests.add(rig().submit(TestRequest.sync(file)));
      requests.add(rig().submit(TestRequest.stat(file)));
      IoBuffer[] vector = {rig().buffer(new byte[60]), rig().buffer(new byte[40])};
      requests.add(
          rig().submit(TestRequest.vector(IoOpcode.WRITE_VECTOR, file, 0, 0, 100, vector)));
    }
    TestRequest close = rig().await(rig().submit(TestRequest.close(file)));
    assertEquals(0, close.last().result());
    for (TestRequest request : requests) {
      assertTrue(request.isFinished(), "completes before the close: " + request);
      int result = request.last().result();
      assertTrue(result >= 0 || result == -Errno.ECANCELED, request::toString);
    }
  }

  @Test
  default void aClosedFileCannotBeUsed() {
    IoHandle file = fileToClose();
    rig().close(file);
    rig().fails(Errno.EBADF, TestRequest.read(file, 0, rig().buffer(1)));
    rig().fails(Errno.EBADF, TestRequest.write(file, 0, rig().buffer(new byte[1])));
    rig().fails(Errno.EBADF, TestRequest.dataSync(file));
    rig().fails(Errno.EBADF, TestRequest.truncate(file, 0));
    rig().fails(Errno.EBADF, TestRequest.size(file));
    rig().fails(Errno.EBADF, TestRequest.sync(file));
    rig().fails(Errno.EBADF, TestRequest.syncRange(file, 0, 1));
    rig().fails(Errno.EBADF, TestRequest.allocate(file, 0, 1, 0));
    rig().fails(Errno.EBADF, TestRequest.stat(file));
    rig().fails(Errno.EBADF, TestRequest.lock(file, 0, 0, IoRequest.LOCK_EXCLUSIVE));
    IoBuffer vector = rig().buffer(1);
    rig().fails(Errno.EBADF, TestRequest.vector(IoOpcode.READ_VECTOR, file, 0, 0, 1, vector));
    rig().fails(Errno.EBADF, TestRequest.close(file));
  }

  @Test
  default void aFileCannotBeUsedWhileItIsClosed() {
    IoHandle file = fileToClose();
    TestRequest close = rig().submit(TestRequest.close(file));
    TestRequest again = rig().submit(TestRequest.close(file));
    TestRequest size = rig().submit(TestRequest.size(file));
    assertEquals(0, rig().await(close).last().result());
    assertEquals(-Errno.EBADF, rig().await(again).last().result());
    assertEquals(-Errno.EBADF, rig().await(size).last().result());
  }
}
