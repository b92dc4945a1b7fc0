package dev.ringlet.testkit.sim;

import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A file that a driver has open. The simulation's thread. */
final class SimFile extends SimHandle implements FileBytes {
  private final SimWorld world;
  private final OpenFile file;

  SimFile(SimDriver driver, OpenFile file) {
    super(driver);
    this.world = driver.world();
    this.file = file;
  }

  @Override
  public int read(long position, ByteBuffer target) {
    try {
      return file.read(position, target.remaining(), target);
    } catch (DiskException e) {
      return -e.errno();
    }
  }

  @Override
  public int write(long position, ByteBuffer source) {
    try {
      return file.write(position, source.remaining(), source);
    } catch (DiskException e) {
      return -e.errno();
    }
  }

  @Override
  boolean closeMayFail() {
    return true;
  }

  @Override
  SimDescription description() {
    return file;
  }

  @Override
  boolean outlivesClose(SimOperation operation) {
    return switch (operation.request.opcode) {
      case WRITE, WRITE_VECTOR, TRUNCATE, ALLOCATE -> true;
      default -> false;
    };
  }

  @Override
  void execute(SimOperation operation) {
    IoOpcode opcode = operation.request.opcode;
    boolean write = opcode == IoOpcode.WRITE || opcode == IoOpcode.WRITE_VECTOR;
    int result;
    Object payload;
    try {
      if (write && file.syncsWrites()) {
        writeAndSync(operation);
        return;
      }
      result = write ? write(operation) : perform(operation);
      payload = payload(opcode);
    } catch (DiskException e) {
      operation.fail(e.errno());
      return;
    }
    operation.end(result, payload);
  }

  private @Nullable Object payload(IoOpcode opcode) throws DiskException {
    return switch (opcode) {
      case SIZE -> file.size();
      case STAT -> file.stat();
      default -> null;
    };
  }

  private int perform(SimOperation operation) throws DiskException {
    IoRequest request = operation.request;
    switch (request.opcode) {
      case READ, READ_VECTOR -> {
        ByteBuffer[] memory = operation.memory();
        return file.read(request.position, length(operation, memory), memory);
      }
      case DATA_SYNC, SYNC -> file.sync(operation.changesBefore());
      case SYNC_RANGE -> file.syncRange(request.position);
      case ALLOCATE -> file.allocate(request.position, request.count, request.flags);
      case TRUNCATE -> file.truncate(request.position);
      case LOCK -> {
        return file.lock(request.position, request.count, request.flags) ? 1 : 0;
      }
      case SIZE, STAT -> {
        return 0;
      }
      default -> throw new DiskException(Errno.EOPNOTSUPP);
    }
    return 0;
  }

  private int write(SimOperation operation) throws DiskException {
    ByteBuffer[] memory = operation.memory();
    return file.write(operation.request.position, length(operation, memory), memory);
  }

  /** The bytes are in the page cache first, from where they come to the disk in any order. */
  private void writeAndSync(SimOperation operation) throws DiskException {
    int count = write(operation);
    if (count == 0) {
      operation.end(0);
      return;
    }
    long change = world.disk().changes();
    var unused =
        world
            .agenda()
            .in(world.faults().latencyNanos(operation), () -> synced(operation, count, change));
  }

  private void synced(SimOperation operation, int count, long change) {
    try {
      file.syncWrite(change);
    } catch (DiskException e) {
      operation.fail(e.errno());
      return;
    }
    operation.end(count);
  }

  private int length(SimOperation operation, ByteBuffer[] memory) {
    int total = 0;
    for (ByteBuffer part : memory) {
      total += part.remaining();
    }
    return total == 0 ? 0 : file.part(total, world.faults().length(operation, total));
  }

  /** A sync was refused with an error of the device. */
  void syncFailed(SimOperation operation) {
    file.syncFailed(operation.changesBefore());
  }

  @Override
  void release(boolean reset) {
    file.release(false);
  }
}
