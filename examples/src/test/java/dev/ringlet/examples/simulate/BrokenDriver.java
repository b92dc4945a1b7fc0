package dev.ringlet.examples.simulate;

import dev.ringlet.io.DetachedTcpStream;
import dev.ringlet.spi.CompletionSink;
import dev.ringlet.spi.IoDriver;
import dev.ringlet.spi.IoDriverOptions;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoDriverStats;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoMemory;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A driver that has a fault of a kind that drivers have had. The simulation's thread. */
class BrokenDriver implements IoDriver {
  /** One time in so many it does it wrong. */
  private static final int ONE_IN = 100;

  private final IoDriver driver;
  private final SplittableRandom random = new SplittableRandom(5);

  private BrokenDriver(IoDriver driver) {
    this.driver = driver;
  }

  final boolean now() {
    return random.nextInt(ONE_IN) == 0;
  }

  /** Makes drivers that are broken in the same way. */
  interface Maker {
    IoDriver around(IoDriver driver);
  }

  static IoDriverProvider provider(IoDriverProvider drivers, Maker maker) {
    return new IoDriverProvider() {
      @Override
      public String name() {
        return drivers.name();
      }

      @Override
      public int priority() {
        return drivers.priority();
      }

      @Override
      public @Nullable String unavailabilityCause() {
        return null;
      }

      @Override
      public IoDriver create(IoDriverOptions options) {
        return maker.around(drivers.create(options));
      }
    };
  }

  /** An executor sleeps on although there is something to do. */
  static final class SleepsOn extends BrokenDriver {
    SleepsOn(IoDriver driver) {
      super(driver);
    }

    @Override
    public void wakeup() {
      if (!now()) {
        super.wakeup();
      }
    }
  }

  /** A completion is reported a second time. */
  static final class Repeats extends BrokenDriver {
    Repeats(IoDriver driver) {
      super(driver);
    }

    @Override
    public int poll(CompletionSink sink) {
      return super.poll(
          (request, result, payload, more) -> {
            sink.completed(request, result, payload, more);
            if (!more && payload == null && now()) {
              sink.completed(request, result, null, false);
            }
          });
    }
  }

  /** Memory is given back before the kernel has taken what is in it. */
  static final class Hurries extends BrokenDriver {
    private final ArrayDeque<IoRequest> early = new ArrayDeque<>();

    /** What the kernel really does. */
    private static final class Twin extends IoRequest {
      private Twin(IoRequest original) {
        opcode = original.opcode;
        flags = original.flags;
        handle = original.handle;
        position = original.position;
        buffer = original.buffer;
        bufferOffset = original.bufferOffset;
        length = original.length;
      }
    }

    Hurries(IoDriver driver) {
      super(driver);
    }

    @Override
    public void submit(IoRequest request) {
      if (request.opcode == IoOpcode.SEND && now()) {
        super.submit(new Twin(request));
        early.add(request);
      } else {
        super.submit(request);
      }
    }

    @Override
    public boolean completionsPending() {
      return !early.isEmpty() || super.completionsPending();
    }

    @Override
    public int poll(CompletionSink sink) {
      int reported = early.size();
      for (IoRequest done = early.poll(); done != null; done = early.poll()) {
        sink.completed(done, done.length, null, false);
      }
      return reported + super.poll(hiding(sink));
    }

    @Override
    public void close(CompletionSink sink) {
      super.close(hiding(sink));
    }

    private static CompletionSink hiding(CompletionSink sink) {
      return (request, result, payload, more) -> {
        if (!(request instanceof Twin)) {
          sink.completed(request, result, payload, more);
        }
      };
    }
  }

  // ---- the rest is as it should be

  @Override
  public String name() {
    return driver.name();
  }

  @Override
  public String description() {
    return driver.description();
  }

  @Override
  public void submit(IoRequest request) {
    driver.submit(request);
  }

  @Override
  public void cancel(IoRequest request) {
    driver.cancel(request);
  }

  @Override
  public int poll(CompletionSink sink) {
    return driver.poll(sink);
  }

  @Override
  public boolean completionsPending() {
    return driver.completionsPending();
  }

  @Override
  public void flush() {
    driver.flush();
  }

  @Override
  public void park(long timeoutNanos) {
    driver.park(timeoutNanos);
  }

  @Override
  public void wakeup() {
    driver.wakeup();
  }

  @Override
  public IoMemory allocate(int bytes) {
    return driver.allocate(bytes);
  }

  @Override
  public void free(IoMemory memory) {
    driver.free(memory);
  }

  @Override
  public DetachedTcpStream detach(IoHandle handle) {
    return driver.detach(handle);
  }

  @Override
  public IoHandle attach(DetachedTcpStream connection) {
    return driver.attach(connection);
  }

  @Override
  public InetSocketAddress localAddress(IoHandle handle) {
    return driver.localAddress(handle);
  }

  @Override
  public InetSocketAddress remoteAddress(IoHandle handle) {
    return driver.remoteAddress(handle);
  }

  @Override
  public IoDriverStats stats() {
    return driver.stats();
  }

  @Override
  public void close(CompletionSink sink) {
    driver.close(sink);
  }
}
