package dev.ringlet.uring;

import dev.ringlet.actor.RingletException;
import dev.ringlet.spi.Errno;
import java.nio.ByteOrder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds out by trying, once per process, whether io_uring can be used and what it can do.
 * <b>Thread:</b> any.
 */
final class UringProbe {
  private static final int ENTRIES = 8;
  private static final int BUFFERS = 2;
  private static final int BUFFER_BYTES = 64;

  /** Without these the driver would lose completions, or could not wait with a timeout. */
  private static final int REQUIRED_FEATURES =
      Abi.IORING_FEAT_SINGLE_MMAP
          | Abi.IORING_FEAT_NODROP
          | Abi.IORING_FEAT_SUBMIT_STABLE
          | Abi.IORING_FEAT_FAST_POLL
          | Abi.IORING_FEAT_EXT_ARG;

  private final @Nullable Capabilities capabilities;
  private final @Nullable String cause;

  private UringProbe(@Nullable Capabilities capabilities, @Nullable String cause) {
    this.capabilities = capabilities;
    this.cause = cause;
  }

  /** The result for this process. */
  static UringProbe result() {
    return Holder.RESULT;
  }

  /** Errno, reason and remedy in one sentence, or null if io_uring can be used. */
  @Nullable String unavailabilityCause() {
    return cause;
  }

  /** What the kernel can do, or null if io_uring cannot be used. */
  @Nullable Capabilities capabilities() {
    return capabilities;
  }

  /**
   * What the kernel can do.
   *
   * @throws RingletException if io_uring cannot be used
   */
  Capabilities require() {
    if (capabilities == null) {
      throw new RingletException("io_uring cannot be used: " + cause);
    }
    return capabilities;
  }

  /**
   * What keeps the native calls from working on this platform, or null. Also what CPU pinning
   * needs.
   */
  static @Nullable String nativeCause(String osName, String arch, @Nullable String loadFailure) {
    if (!osName.toLowerCase(Locale.ROOT).contains("linux")) {
      return osName + " has none: it needs Linux";
    }
    boolean known = arch.equals("amd64") || arch.equals("x86_64") || arch.equals("aarch64");
    if (!known || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      return "the architecture " + arch + " is not supported, only x86-64 and aarch64 are";
    }
    return loadFailure == null ? null : loadCause(loadFailure);
  }

  static @Nullable String nativeCause() {
    String os = System.getProperty("os.name", "");
    String arch = System.getProperty("os.arch", "");
    String cause = nativeCause(os, arch, null);
    return cause != null ? cause : nativeCause(os, arch, Libc.loadFailure());
  }

  private static String loadCause(String failure) {
    return "JNA could not load its native library ("
        + failure
        + "): if the temporary folder is mounted noexec point jna.tmpdir to one that is not, and if jna.nosys or"
        + " jna.boot.library.path is set see that it leads to the library";
  }

  private static UringProbe probe() {
    String nativeCause = nativeCause();
    if (nativeCause != null) {
      return new UringProbe(null, nativeCause);
    }
    try (Ring ring = Ring.open(ENTRIES, ENTRIES)) {
      return inspect(ring);
    } catch (UringException e) {
      return new UringProbe(null, e.getMessage());
    } catch (RuntimeException e) {
      // Whatever it is, it must not leave a broken class behind: the other driver takes over.
      return new UringProbe(null, "trying it failed with " + e);
    }
  }

  private static UringProbe inspect(Ring ring) {
    if ((ring.features() & REQUIRED_FEATURES) != REQUIRED_FEATURES) {
      return new UringProbe(null, RingSetup.explain(Errno.EINVAL));
    }
    Capabilities capabilities = Capabilities.of(ring);
    BufferRing.register(ring, 0, BUFFERS, BUFFER_BYTES).unregister();
    return new UringProbe(capabilities, null);
  }

  private static final class Holder {
    static final UringProbe RESULT = probe();
  }
}
