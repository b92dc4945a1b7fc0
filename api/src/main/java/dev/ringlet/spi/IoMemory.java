package dev.ringlet.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a driver can do I/O on. The byte buffer is garbage-collected: as long as a part of it
 * is referred to, it stays, also after the driver is closed. It is direct, but for drivers whose
 * kernel is simulated. Immutable, but for what its driver notes of it.
 */
public final class IoMemory {
  /**
   * What the driver that has allocated it knows it by; −1 if by nothing. That driver only, on its
   * owner's thread.
   */
  public int driverSlot = -1;

  private final ByteBuffer bytes;
  private final long address;
  private final @Nullable Object driver;

  /**
   * Creates memory of which no driver keeps a note.
   *
   * @param bytes the memory, position zero, limit capacity
   * @param address the native address of its first byte, or 0 if the driver works without addresses
   */
  public IoMemory(ByteBuffer bytes, long address) {
    this(bytes, address, null);
  }

  /**
   * Creates memory.
   *
   * @param bytes the memory, position zero, limit capacity
   * @param address the native address of its first byte, or 0 if the driver works without addresses
   * @param driver who may keep a note of it in {@link #driverSlot}, or null
   */
  public IoMemory(ByteBuffer bytes, long address, @Nullable Object driver) {
    this.bytes = bytes;
    this.address = address;
    this.driver = driver;
  }

  /**
   * The memory.
   *
   * @return position zero, limit capacity
   */
  public ByteBuffer bytes() {
    return bytes;
  }

  /**
   * The native address of its first byte.
   *
   * @return 0 if the driver works without addresses
   */
  public long address() {
    return address;
  }

  /**
   * Whether it may keep a note of it.
   *
   * @param candidate a driver
   * @return true for the one that was named when it was made
   */
  public boolean isOf(Object candidate) {
    return driver == candidate;
  }
}
