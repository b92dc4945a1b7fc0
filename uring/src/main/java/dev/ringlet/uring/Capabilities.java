package dev.ringlet.uring;

import dev.ringlet.spi.Errno;
import java.nio.ByteBuffer;
import java.util.BitSet;

/** What the kernel's io_uring can do, asked once. Immutable. */
final class Capabilities {
  private static final int MAX_OPCODES = 256;

  private final BitSet opcodes;
  private final int features;
  private final int setupFlags;
  private final boolean registersRings;

  private Capabilities(BitSet opcodes, Ring ring) {
    this.opcodes = opcodes;
    features = ring.features();
    setupFlags = ring.setupFlags();
    registersRings = ring.isRegistered();
  }

  /** Asks the kernel about its operations. */
  static Capabilities of(Ring ring) {
    ByteBuffer probe =
        NativeMemory.allocate(Structs.PROBE_BYTES + MAX_OPCODES * Structs.PROBE_OP_BYTES);
    int result = ring.register(Abi.IORING_REGISTER_PROBE, NativeMemory.address(probe), MAX_OPCODES);
    if (result < 0) {
      throw new UringException(
          "asking io_uring for its operations", -result, RingSetup.explain(Errno.ENOSYS));
    }
    BitSet opcodes = new BitSet();
    int count = Byte.toUnsignedInt(probe.get(Structs.PROBE_OPS_LEN));
    for (int opcode = 0; opcode < count; opcode++) {
      int at = Structs.PROBE_BYTES + opcode * Structs.PROBE_OP_BYTES + Structs.PROBE_OP_FLAGS;
      opcodes.set(opcode, (probe.getShort(at) & Abi.IO_URING_OP_SUPPORTED) != 0);
    }
    return new Capabilities(opcodes, ring);
  }

  boolean supports(int opcode) {
    return opcodes.get(opcode);
  }

  boolean hasFeature(int flag) {
    return (features & flag) != 0;
  }

  boolean setsUp(int flag) {
    return (setupFlags & flag) != 0;
  }

  boolean registersRings() {
    return registersRings;
  }
}
