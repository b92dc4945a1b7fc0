package dev.ringlet.spi;

import java.nio.ByteBuffer;

/**
 * Memory that a driver can do I/O on. The byte buffer is direct and garbage-collected: as long as a
 * part of it is referred to, it stays mapped, also after the driver is closed. Immutable.
 *
 * @param bytes the memory, position zero, limit capacity
 * @param address the native address of its first byte, or 0 if the driver works without addresses
 */
public record IoMemory(ByteBuffer bytes, long address) {}
