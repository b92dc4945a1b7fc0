package dev.ringlet.uring;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Memory of a ring, mapped into this process. */
final class Mapping {
  private final long address;
  private final long bytes;
  private final ByteBuffer memory;

  private Mapping(long address, long bytes) {
    this.address = address;
    this.bytes = bytes;
    memory = NativeMemory.view(address, bytes);
  }

  static Mapping map(int ringFd, long offset, long bytes) {
    long address =
        Libc.mmap(bytes, Posix.PROT_READ_WRITE, Posix.MAP_SHARED_POPULATE, ringFd, offset);
    if (address < 0) {
      throw new UringException(
          "mmap of the ring", (int) -address, RingSetup.explain((int) -address));
    }
    return new Mapping(address, bytes);
  }

  ByteBuffer memory() {
    return memory;
  }

  /**
   * The caller has dropped every reference to {@link #memory()}: a later access would end the
   * process.
   */
  static void unmapAll(@Nullable Mapping... mappings) {
    for (Mapping mapping : mappings) {
      if (mapping != null) {
        Libc.munmap(mapping.address, mapping.bytes);
      }
    }
  }
}
