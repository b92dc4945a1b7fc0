package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Advisory locks. */
interface FileLockContract extends FileContract {
  int SHARED = IoRequest.LOCK_SHARED;
  int EXCLUSIVE = IoRequest.LOCK_EXCLUSIVE;
  int RELEASE = IoRequest.LOCK_RELEASE;

  default int lock(IoHandle file, long position, long count, int flags) {
    return rig().run(TestRequest.lock(file, position, count, flags));
  }

  @Test
  default void anExclusiveLockKeepsOthersOut() throws IOException {
    Path path = file(new byte[10]);
    IoHandle one = open(path, READ | WRITE);
    IoHandle other = open(path, READ | WRITE);
    assertEquals(1, lock(one, 0, 5, EXCLUSIVE));
    assertEquals(0, lock(other, 4, 5, EXCLUSIVE));
    assertEquals(0, lock(other, 4, 5, SHARED));
    assertEquals(1, lock(other, 5, 5, EXCLUSIVE), "beside it");
    assertEquals(1, lock(one, 0, 5, RELEASE));
    assertEquals(1, lock(other, 0, 5, EXCLUSIVE));
  }

  @Test
  default void aLockWithoutLengthReachesToWhateverEnd() throws IOException {
    Path path = file(new byte[10]);
    IoHandle one = open(path, READ | WRITE);
    IoHandle other = open(path, READ | WRITE);
    assertEquals(1, lock(one, 5, 0, EXCLUSIVE));
    assertEquals(0, lock(other, 1L << 40, 1, EXCLUSIVE));
    assertEquals(1, lock(other, 0, 5, EXCLUSIVE));
    assertEquals(1, lock(one, 0, 0, RELEASE));
    assertEquals(1, lock(other, 1L << 40, 1, EXCLUSIVE));
  }

  @Test
  default void whatWasNotLockedIsReleasedWithoutHarm() throws IOException {
    assertEquals(1, lock(open(file(new byte[1]), READ | WRITE), 3, 4, RELEASE));
  }

  @Test
  default void aLockEndsWithItsFile() throws IOException {
    Path path = file(new byte[10]);
    IoHandle one = open(path, READ | WRITE);
    IoHandle other = open(path, READ | WRITE);
    assertEquals(1, lock(one, 0, 0, EXCLUSIVE));
    assertEquals(0, lock(other, 0, 0, EXCLUSIVE));
    rig().close(one);
    assertEquals(1, lock(other, 0, 0, EXCLUSIVE));
  }

  @Test
  default void aLockNeedsTheFileOpenedForIt() throws IOException {
    Path path = file(new byte[10]);
    rig().fails(Errno.EBADF, TestRequest.lock(open(path, READ), 0, 0, EXCLUSIVE));
    rig().fails(Errno.EBADF, TestRequest.lock(open(path, WRITE), 0, 0, SHARED));
  }
}
