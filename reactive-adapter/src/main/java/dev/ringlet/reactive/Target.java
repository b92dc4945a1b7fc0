package dev.ringlet.reactive;

import dev.ringlet.io.FileOutput;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.IoOp;
import dev.ringlet.io.StreamOutput;
import dev.ringlet.io.TcpStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the bytes of a stream go to. Owner executor. */
sealed interface Target {
  /** What its actor is called. */
  String kind();

  /** How many buffers one write takes at most. */
  int maxBuffers();

  /** How many writes may be under way. */
  int maxWrites();

  /** Writes all of at least one buffer; they go over to the operation. */
  IoOp<?> write(List<IoBuffer> buffers);

  /**
   * Ends it; null if it is left as it is.
   *
   * @param regularly whether all was written that there is
   */
  @Nullable IoOp<?> end(boolean regularly);

  /**
   * A connection or a pipe. One send at a time, of all that has come meanwhile: so a slow peer
   * costs few large ones, and none is too much for the output's limit.
   */
  record Stream(StreamOutput output, WriteOptions.End end) implements Target {
    /** As many as one call of the kernel takes. */
    private static final int MAX_BUFFERS = 64;

    @Override
    public String kind() {
      return "output";
    }

    @Override
    public int maxBuffers() {
      return MAX_BUFFERS;
    }

    @Override
    public int maxWrites() {
      return 1;
    }

    @Override
    public IoOp<?> write(List<IoBuffer> buffers) {
      return buffers.size() == 1 ? output.send(buffers.get(0)) : output.send(buffers);
    }

    @Override
    public @Nullable IoOp<?> end(boolean regularly) {
      return switch (end) {
        case LEAVE_OPEN -> null;
        case SHUT_DOWN -> regularly ? output.shutdownOutput() : null;
        case CLOSE -> !regularly && output instanceof TcpStream tcp ? tcp.abort() : output.close();
      };
    }
  }

  /** A file. The output accepts writes at once, until too much waits for the disk. */
  record File(FileOutput output, WriteOptions.End end) implements Target {
    private static final int MAX_WRITES = 64;

    @Override
    public String kind() {
      return "file";
    }

    @Override
    public int maxBuffers() {
      return 1;
    }

    @Override
    public int maxWrites() {
      return MAX_WRITES;
    }

    @Override
    public IoOp<?> write(List<IoBuffer> buffers) {
      return output.write(buffers.get(0));
    }

    @Override
    public @Nullable IoOp<?> end(boolean regularly) {
      if (end == WriteOptions.End.CLOSE) {
        return output.close();
      }
      return regularly ? output.sync() : null;
    }
  }
}
