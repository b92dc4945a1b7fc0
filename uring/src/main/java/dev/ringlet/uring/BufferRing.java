package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;

/**
 * Buffers lent to the kernel for receiving: it takes one per completion and names it there, and
 * gets it back with {@link #add}.
 *
 * <p>The entries and the buffers are memory of the garbage collector, reachable from here: nothing
 * is unmapped, so a late access on either side cannot touch foreign memory as long as this object
 * lives. Whoever holds a buffer's slice keeps the slab alive.
 *
 * <p><b>Thread:</b> owner executor.
 */
final class BufferRing {
  /** The kernel counts entries in 16 bits and allows this many. */
  static final int MAX_BUFFERS = 1 << 15;

  private final Ring ring;
  private final int group;
  private final int buffers;
  private final int bufferBytes;
  private final ByteBuffer entries;
  private final ByteBuffer slab;
  private final long slabAddress;

  private short tail;

  private BufferRing(Ring ring, int group, int buffers, int bufferBytes, int pageBytes) {
    this.ring = ring;
    this.group = group;
    this.buffers = buffers;
    this.bufferBytes = bufferBytes;
    entries = NativeMemory.allocateAligned(buffers * Structs.BUF_BYTES, pageBytes);
    slab = NativeMemory.allocateAligned(Math.multiplyExact(buffers, bufferBytes), pageBytes);
    slabAddress = NativeMemory.address(slab);
  }

  /**
   * Registers a ring of buffers, all of them lent to the kernel.
   *
   * @param buffers how many, a power of two up to {@link #MAX_BUFFERS}
   * @throws UringException if the kernel refuses
   */
  static BufferRing register(Ring ring, int group, int buffers, int bufferBytes) {
    if (Integer.bitCount(buffers) != 1 || buffers > MAX_BUFFERS) {
      throw new IllegalArgumentException(
          "buffers: " + buffers + "; must be a power of two up to " + MAX_BUFFERS);
    }
    BufferRing bufferRing = new BufferRing(ring, group, buffers, bufferBytes, Libc.pageBytes());
    int result = bufferRing.registration(Abi.IORING_REGISTER_PBUF_RING);
    if (result < 0) {
      throw new UringException(
          "registering receive buffers",
          -result,
          result == -Errno.EINVAL
              ? "provided buffer rings need Linux 5.19"
              : RingSetup.explain(-result));
    }
    for (int id = 0; id < buffers; id++) {
      bufferRing.put(id);
    }
    bufferRing.publish();
    return bufferRing;
  }

  private int registration(int opcode) {
    ByteBuffer registration = NativeMemory.allocate(Structs.BUF_REG_BYTES);
    registration.putShort(Structs.BUF_REG_BGID, (short) group);
    if (opcode == Abi.IORING_REGISTER_PBUF_RING) {
      registration.putLong(Structs.BUF_REG_RING_ADDR, NativeMemory.address(entries));
      registration.putInt(Structs.BUF_REG_RING_ENTRIES, buffers);
    }
    return ring.register(opcode, NativeMemory.address(registration), 1);
  }

  int group() {
    return group;
  }

  int buffers() {
    return buffers;
  }

  int bufferBytes() {
    return bufferBytes;
  }

  /** All buffers; buffer i lies at {@code i * bufferBytes}. */
  ByteBuffer slab() {
    return slab;
  }

  /** The address of a buffer. */
  long address(int id) {
    return slabAddress + (long) id * bufferBytes;
  }

  /** Lends buffer {@code id} to the kernel again; nobody may read it from now on. */
  void add(int id) {
    put(id);
    publish();
  }

  /**
   * Ends the kernel's use of the buffers; receives still in flight end with ENOBUFS at their next
   * data.
   */
  void unregister() {
    int result = registration(Abi.IORING_UNREGISTER_PBUF_RING);
    if (result < 0) {
      throw new UringException(
          "giving up receive buffers", -result, "the group was not registered");
    }
  }

  /** Leaves bytes 14 and 15 alone: in entry 0 they are the tail itself. */
  private void put(int id) {
    assert id >= 0 && id < buffers : "no such buffer: " + id;
    int at = (tail & (buffers - 1)) * Structs.BUF_BYTES;
    entries.putLong(at + Structs.BUF_ADDR, address(id));
    entries.putInt(at + Structs.BUF_LEN, bufferBytes);
    entries.putShort(at + Structs.BUF_BID, (short) id);
    tail++;
  }

  /** Pairs with the kernel's acquire load before it takes a buffer. */
  private void publish() {
    Words.storeShortRelease(entries, Structs.BUF_RING_TAIL, tail);
  }
}
