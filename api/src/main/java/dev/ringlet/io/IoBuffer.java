package dev.ringlet.io;

import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lease on a piece of an executor's I/O memory: {@link #capacity()} bytes, of which those from
 * {@link #readerIndex()} to {@link #writerIndex()} are readable.
 *
 * <p>The lease is counted: {@link #retain()} adds a holder, {@link #release()} takes one away, and
 * with the last one the memory goes back to its pool. Every use after that throws. An operation
 * that is given a buffer holds it until the kernel is done with it.
 *
 * <p>A {@link #slice} is a lease of its own on a part of the memory, with its own indices and its
 * own holders. The memory goes back with the last of all: a slice may outlive the buffer that it
 * was cut from, and the other way round.
 *
 * <p><b>Thread:</b> one holder at a time uses it; {@link #retain()} and {@link #release()} any
 * thread. Slices count as different buffers: each may be used on a thread of its own, as long as
 * nobody writes what others read.
 */
public final class IoBuffer {
  private static final VarHandle HOLDS;

  /** A slice in {@link #holds}. */
  private static final long SLICE = 1L << 32;

  static {
    try {
      HOLDS = MethodHandles.lookup().findVarHandle(IoBuffer.class, "holds", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What becomes of a slice that is released. */
  private static final BufferRecycler TO_PARENT = IoBuffer::sliceReleased;

  private final IoMemory memory;

  /** What a slice was cut from, never a slice itself; null in what is no slice. */
  private final @Nullable IoBuffer parent;

  private final int base;
  private final int capacity;
  private final BufferRecycler recycler;
  private final int slot;
  private int readerIndex;
  private int writerIndex;

  /**
   * Holders in the low half, slices that are out in the high one; 0 in all means given back. In one
   * word, so that the last of both is known; apart, so that a holder who releases twice is told so
   * instead of taking the memory from a slice. Compare and set; the last release pairs with the
   * pool.
   */
  @SuppressWarnings("unused") // through HOLDS
  private volatile long holds = 1;

  /**
   * Leases memory; for pools and drivers.
   *
   * @param memory the memory it is a part of
   * @param base offset of its first byte
   * @param capacity its size in bytes
   * @param recycler gets it back when the last holder releases
   * @param slot the recycler's own number for it
   */
  public IoBuffer(IoMemory memory, int base, int capacity, BufferRecycler recycler, int slot) {
    Objects.checkFromIndexSize(base, capacity, memory.bytes().capacity());
    this.memory = memory;
    this.parent = null;
    this.base = base;
    this.capacity = capacity;
    this.recycler = recycler;
    this.slot = slot;
  }

  /** A slice that its parent has counted. */
  private IoBuffer(IoBuffer parent, int base, int length) {
    this.memory = parent.memory;
    this.parent = parent;
    this.base = base;
    this.capacity = length;
    this.recycler = TO_PARENT;
    this.slot = parent.slot;
    this.writerIndex = length;
  }

  /**
   * The size of the memory.
   *
   * @return bytes
   */
  public int capacity() {
    return capacity;
  }

  /**
   * Where reading goes on.
   *
   * @return 0 to {@link #writerIndex()}
   */
  public int readerIndex() {
    return readerIndex;
  }

  /**
   * Where writing goes on; the end of the readable bytes.
   *
   * @return {@link #readerIndex()} to {@link #capacity()}
   */
  public int writerIndex() {
    return writerIndex;
  }

  /**
   * How much can be read.
   *
   * @return bytes
   */
  public int readableBytes() {
    return writerIndex - readerIndex;
  }

  /**
   * How much can still be written.
   *
   * @return bytes
   */
  public int writableBytes() {
    return capacity - writerIndex;
  }

  /**
   * Sets both indices.
   *
   * @param reader the new reader index
   * @param writer the new writer index
   * @return this buffer
   */
  public IoBuffer setIndex(int reader, int writer) {
    checkHeld();
    if (reader < 0 || reader > writer || writer > capacity) {
      throw new IndexOutOfBoundsException(
          "reader "
              + reader
              + ", writer "
              + writer
              + ": give 0 <= reader <= writer <= "
              + capacity);
    }
    readerIndex = reader;
    writerIndex = writer;
    return this;
  }

  /**
   * Marks bytes as read.
   *
   * @param count 0 to {@link #readableBytes()}
   * @return this buffer
   */
  public IoBuffer skip(int count) {
    return setIndex(readerIndex + count, writerIndex);
  }

  /**
   * A byte at an absolute index.
   *
   * @param index 0 to capacity - 1
   * @return the byte
   */
  public byte get(int index) {
    checkHeld();
    return memory.bytes().get(base + Objects.checkIndex(index, capacity));
  }

  /**
   * Reads bytes and moves the reader index.
   *
   * @param target where to
   * @param offset first index in the target
   * @param length how many
   * @return this buffer
   */
  public IoBuffer read(byte[] target, int offset, int length) {
    checkHeld();
    Objects.checkFromIndexSize(0, length, readableBytes());
    memory.bytes().get(base + readerIndex, target, offset, length);
    readerIndex += length;
    return this;
  }

  /**
   * Reads all readable bytes.
   *
   * @return a new array
   */
  public byte[] readAll() {
    byte[] bytes = new byte[readableBytes()];
    read(bytes, 0, bytes.length);
    return bytes;
  }

  /**
   * Writes bytes and moves the writer index.
   *
   * @param source where from
   * @param offset first index in the source
   * @param length how many, at most {@link #writableBytes()}
   * @return this buffer
   */
  public IoBuffer write(byte[] source, int offset, int length) {
    checkHeld();
    Objects.checkFromIndexSize(0, length, writableBytes());
    memory.bytes().put(base + writerIndex, source, offset, length);
    writerIndex += length;
    return this;
  }

  /**
   * Writes all bytes of an array and moves the writer index.
   *
   * @param source where from, at most {@link #writableBytes()} long
   * @return this buffer
   */
  public IoBuffer write(byte[] source) {
    return write(source, 0, source.length);
  }

  /**
   * Writes the remaining bytes of a buffer and moves the writer index.
   *
   * @param source where from; its position moves to its limit
   * @return this buffer
   */
  public IoBuffer write(ByteBuffer source) {
    int length = source.remaining();
    Objects.checkFromIndexSize(0, length, writableBytes());
    view(writerIndex, length).put(source);
    writerIndex += length;
    return this;
  }

  /**
   * A view of the readable bytes with indices of its own, big-endian. Only valid until the buffer
   * is released; the bytes are shared.
   *
   * @return a new view
   */
  public ByteBuffer readable() {
    return view(readerIndex, readableBytes());
  }

  /**
   * A view of the writable bytes with indices of its own, big-endian; call {@link #setIndex} or
   * {@link #wrote} afterwards. Only valid until the buffer is released.
   *
   * @return a new view
   */
  public ByteBuffer writable() {
    return view(writerIndex, writableBytes());
  }

  /**
   * Marks bytes as written.
   *
   * @param count 0 to {@link #writableBytes()}
   * @return this buffer
   */
  public IoBuffer wrote(int count) {
    return setIndex(readerIndex, writerIndex + count);
  }

  /**
   * A lease of its own on a part of this memory: a new buffer with one holder, to be {@linkplain
   * #release released} besides this one, in any order. Costs one object; the bytes are shared.
   *
   * @param from index of its first byte, 0 to {@link #capacity()}
   * @param length its capacity in bytes; all of it is readable
   * @return the slice, reader index 0, writer index {@code length}
   * @throws IndexOutOfBoundsException if the part is not within 0 and {@link #capacity()}
   * @throws IllegalStateException if this buffer was released already
   */
  public IoBuffer slice(int from, int length) {
    checkHeld();
    Objects.checkFromIndexSize(from, length, capacity);
    IoBuffer whole = parent == null ? this : parent;
    whole.addSlice();
    return new IoBuffer(whole, base + from, length);
  }

  /**
   * The next readable bytes as a {@link #slice}, over which the reader index moves: for messages
   * that are handed on as they were received, without a copy.
   *
   * @param length how many, at most {@link #readableBytes()}
   * @return the slice
   * @throws IndexOutOfBoundsException if fewer are readable
   * @throws IllegalStateException if this buffer was released already
   */
  public IoBuffer readSlice(int length) {
    Objects.checkFromIndexSize(0, length, readableBytes());
    IoBuffer slice = slice(readerIndex, length);
    readerIndex += length;
    return slice;
  }

  private ByteBuffer view(int index, int length) {
    checkHeld();
    return memory.bytes().slice(base + index, length);
  }

  /**
   * Adds a holder.
   *
   * @return this buffer
   * @throws IllegalStateException if it was released already
   */
  public IoBuffer retain() {
    for (; ; ) {
      long seen = holds;
      if ((int) seen <= 0) {
        throw released();
      }
      if (HOLDS.compareAndSet(this, seen, seen + 1)) {
        return this;
      }
    }
  }

  /**
   * Takes a holder away; the last one gives the memory back, unless slices are still out.
   *
   * @throws IllegalStateException if it was released already
   */
  public void release() {
    for (; ; ) {
      long seen = holds;
      if ((int) seen <= 0) {
        throw released();
      }
      if (HOLDS.compareAndSet(this, seen, seen - 1)) {
        if (seen == 1) {
          recycler.recycle(this);
        }
        return;
      }
    }
  }

  /**
   * Whether the last holder has released it, so that it must not be used any more; its memory may
   * still be held by slices.
   *
   * @return true after the last release
   */
  public boolean isReleased() {
    return (int) holds == 0;
  }

  /**
   * The native address of the first byte; for drivers.
   *
   * @return the address, or 0 if the driver works without addresses
   * @throws IllegalStateException if it was released already
   */
  public long address() {
    checkHeld();
    return memory.address() == 0 ? 0 : memory.address() + base;
  }

  /**
   * The memory it is a part of; for drivers and pools.
   *
   * @return the memory
   */
  public IoMemory memory() {
    return memory;
  }

  /**
   * Where it begins in its memory; for drivers and pools.
   *
   * @return offset in bytes
   */
  public int offset() {
    return base;
  }

  /**
   * The recycler's number for it.
   *
   * @return the number given at creation, in a slice that of what it was cut from
   */
  public int slot() {
    return slot;
  }

  private void addSlice() {
    for (; ; ) {
      long seen = holds;
      if (seen == 0) {
        throw released();
      }
      if (HOLDS.compareAndSet(this, seen, seen + SLICE)) {
        return;
      }
    }
  }

  /** The last holder of a slice has released it. */
  private static void sliceReleased(IoBuffer slice) {
    IoBuffer whole = Objects.requireNonNull(slice.parent);
    if ((long) HOLDS.getAndAdd(whole, -SLICE) == SLICE) {
      whole.recycler.recycle(whole);
    }
  }

  private void checkHeld() {
    if ((int) holds <= 0) {
      throw released();
    }
  }

  private static IllegalStateException released() {
    return new IllegalStateException(
        "the buffer was released; retain() it before handing it on if it is still needed");
  }

  @Override
  public String toString() {
    return "IoBuffer["
        + readerIndex
        + ".."
        + writerIndex
        + " of "
        + capacity
        + (isReleased() ? ", released]" : "]");
  }
}
