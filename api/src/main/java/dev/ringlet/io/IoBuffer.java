package dev.ringlet.io;

import dev.ringlet.spi.BufferRecycler;
import dev.ringlet.spi.IoMemory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A lease on a piece of an executor's I/O memory: {@link #capacity()} bytes, of which those from
 * {@link #readerIndex()} to {@link #writerIndex()} are readable.
 *
 * <p>The lease is counted: {@link #retain()} adds a holder, {@link #release()} takes one away, and
 * with the last one the memory goes back to its pool. Every use after that throws. An operation
 * that is given a buffer holds it until the kernel is done with it.
 *
 * <p><b>Thread:</b> one holder at a time uses it; {@link #retain()} and {@link #release()} any
 * thread.
 */
public final class IoBuffer {
  private static final VarHandle HOLDERS;

  static {
    try {
      HOLDERS = MethodHandles.lookup().findVarHandle(IoBuffer.class, "holders", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final IoMemory memory;
  private final int base;
  private final int capacity;
  private final BufferRecycler recycler;
  private final int slot;
  private int readerIndex;
  private int writerIndex;

  /** Number of holders; 0 means given back. Atomic add; the last release pairs with the pool. */
  @SuppressWarnings("unused") // through HOLDERS
  private volatile int holders = 1;

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
    this.base = base;
    this.capacity = capacity;
    this.recycler = recycler;
    this.slot = slot;
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

  private ByteBuffer view(int index, int length) {
    checkHeld();
    return memory.bytes().slice(base + index, length);
  }

  /**
   * Adds a holder.
   *
   * @return this buffer
   * @throws IllegalStateException if it was given back already
   */
  public IoBuffer retain() {
    for (; ; ) {
      int count = holders;
      if (count <= 0) {
        throw released();
      }
      if (HOLDERS.compareAndSet(this, count, count + 1)) {
        return this;
      }
    }
  }

  /**
   * Takes a holder away; the last one gives the memory back.
   *
   * @throws IllegalStateException if it was given back already
   */
  public void release() {
    for (; ; ) {
      int count = holders;
      if (count <= 0) {
        throw released();
      }
      if (HOLDERS.compareAndSet(this, count, count - 1)) {
        if (count == 1) {
          recycler.recycle(this);
        }
        return;
      }
    }
  }

  /**
   * Whether the memory was given back.
   *
   * @return true after the last release
   */
  public boolean isReleased() {
    return holders == 0;
  }

  /**
   * The native address of the first byte; for drivers.
   *
   * @return the address, or 0 if the driver works without addresses
   * @throws IllegalStateException if it was given back already
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
   * @return the number given at creation
   */
  public int slot() {
    return slot;
  }

  private void checkHeld() {
    if (holders <= 0) {
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
