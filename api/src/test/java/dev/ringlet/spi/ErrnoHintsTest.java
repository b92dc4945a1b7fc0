package dev.ringlet.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ringlet.io.IoException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What messages say about cause and cure. */
final class ErrnoHintsTest {
  @ParameterizedTest
  @CsvSource({
    Errno.EMFILE + ", open, EMFILE, ulimit -n",
    Errno.EMFILE + ", io_uring_setup, EMFILE, ulimit -n",
    Errno.ENFILE + ", accept, ENFILE, fs.file-max",
    Errno.ENOMEM + ", io_uring_setup, ENOMEM, LimitMEMLOCK",
    Errno.ENOMEM + ", read, ENOMEM, withBufferMemory",
    Errno.EPERM + ", io_uring_setup, EPERM, io_uring_disabled",
    Errno.EADDRINUSE + ", listen, EADDRINUSE, ss -ltnp",
    Errno.EADDRINUSE + ", bind, EADDRINUSE, ss -lunp",
    Errno.EADDRINUSE + ", bind, EADDRINUSE, is to be deleted",
    Errno.EADDRINUSE + ", connect, EADDRINUSE, ip_local_port_range",
    Errno.EADDRNOTAVAIL + ", connect, EADDRNOTAVAIL, ip_local_port_range",
    Errno.EACCES + ", listen, EACCES, CAP_NET_BIND_SERVICE",
    Errno.EACCES + ", bind, EACCES, CAP_NET_BIND_SERVICE",
    Errno.EACCES + ", bind, EACCES, may write to",
    Errno.EACCES + ", open, EACCES, namei",
    Errno.ENOSPC + ", write, ENOSPC, df -i",
    Errno.EDQUOT + ", write, EDQUOT, quota",
    Errno.EFBIG + ", write, EFBIG, ulimit -f",
    Errno.EINVAL + ", read, EINVAL, O_DIRECT",
    Errno.EINVAL + ", write, EINVAL, block size",
    Errno.ETXTBSY + ", open, ETXTBSY, rename",
    Errno.ENAMETOOLONG + ", open, ENAMETOOLONG, 255",
    Errno.ELOOP + ", open, ELOOP, symbolic links"
  })
  void theMessageNamesErrorOperationSubjectAndCure(
      int errno, String operation, String name, String cure) {
    IoException failure = new IoException(operation, "/the/subject", errno, null);
    String message = failure.getMessage();
    assertTrue(message.startsWith(operation + " /the/subject: " + name + ", "), message);
    assertTrue(failure.hint().contains(cure), message);
    assertTrue(message.endsWith("; " + failure.hint()), message);
  }

  @Test
  void whoeverTakesAnAddressHasTheSameCure() {
    for (int errno : new int[] {Errno.EADDRINUSE, Errno.EACCES}) {
      assertEquals(ErrnoHints.of(errno, "listen"), ErrnoHints.of(errno, "bind"));
    }
  }

  @Test
  void whatIsNotKnownHasNoHint() {
    IoException failure = new IoException("open", "missing", Errno.ENOENT, null);
    assertEquals("", failure.hint());
    assertEquals("open missing: ENOENT, no such file or directory", failure.getMessage());
    assertEquals("", ErrnoHints.of(Errno.EINVAL, "listen"));
    assertEquals("", ErrnoHints.of(9999, "open"));
  }

  @Test
  void whatThisSideHasRefusedHasItsReasonOnly() {
    Exception released = new IllegalStateException("the buffer was released");
    IoException failure = new IoException("write", "file", Errno.EINVAL, released);
    assertFalse(failure.getMessage().contains("O_DIRECT"), failure.getMessage());
    assertTrue(failure.getMessage().contains("the buffer was released"), failure.getMessage());
  }

  @Test
  void whatTheVirtualMachineSaysStandsBeforeTheHint() {
    IoException failure =
        new IoException("write", "file", Errno.ENOSPC, new IOException("No space left on device"));
    assertTrue(
        failure.getMessage().contains("(No space left on device); look at the free bytes"),
        failure.getMessage());
  }
}
