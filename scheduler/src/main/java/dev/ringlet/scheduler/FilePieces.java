package dev.ringlet.scheduler;

import dev.ringlet.io.IoBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a part of a file piece by piece for an operation that sends it, by operations which are
 * charged to the same class. Behind the operation others wait that hold memory, and get rid of it
 * only when it has ended: so a piece does not wait for memory but takes its own, beside the limit
 * where that is reached; one at a time. Owner executor only.
 */
final class FilePieces {
  /** What is read at a time. */
  static final int BYTES = 64 * 1024;

  private final DriverFile file;
  private final Operation<?> sender;
  private final Consumer<Operation<IoBuffer>> arrived;
  private @Nullable FileRead read;

  /**
   * @param arrived gets each read that has ended, unless it was dropped; maybe before {@link #read}
   *     returns
   */
  FilePieces(DriverFile file, Operation<?> sender, Consumer<Operation<IoBuffer>> arrived) {
    this.file = file;
    this.sender = sender;
    this.arrived = arrived;
  }

  boolean isReading() {
    return read != null;
  }

  /** Reads the next piece. */
  void read(long position, long left) {
    FileRead piece = FileRead.withoutWaiting(file, position, (int) Math.min(BYTES, left));
    ActorCell<?> cell = sender.owner();
    if (cell != null) {
      piece.chargeTo(cell.queue());
    }
    read = piece;
    piece.then(this::ended);
  }

  private void ended(Operation<IoBuffer> ended) {
    if (read == ended) {
      read = null;
      arrived.accept(ended);
    }
  }

  /** What is read is not wanted any more. */
  void drop() {
    FileRead unwanted = read;
    if (unwanted != null) {
      read = null;
      unwanted.abandon();
    }
  }
}
