package dev.ringlet.testkit.sim;

import dev.ringlet.io.Datagram;
import dev.ringlet.io.IoBuffer;
import dev.ringlet.io.UnixDatagram;
import dev.ringlet.spi.DetachedDescriptor;
import dev.ringlet.spi.Errno;
import dev.ringlet.spi.IoDriverProvider;
import dev.ringlet.spi.IoHandle;
import dev.ringlet.spi.IoOpcode;
import dev.ringlet.spi.IoRequest;
import dev.ringlet.spi.PipeEnds;
import dev.ringlet.spi.ReceivedDescriptors;
import java.net.InetAddress;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel of a simulation: its clock, disk and network, shared by the drivers of all simulated
 * processes. <b>Thread:</b> the simulation's.
 */
final class SimWorld {
  private final SimClock clock = new SimClock();
  private final SimRandom random;
  private final SimRandom power;
  private final Agenda agenda;
  private final Trace trace;
  private final Faults faults;
  private final SimDisk disk;
  private final SimNetwork network;
  private final SimFileSystem files;
  private final List<String> findings = new ArrayList<>();
  private long operations;

  SimWorld(long seed, FaultPlan plan) {
    random = new SimRandom(seed, "kernel");
    power = new SimRandom(seed, "power");
    agenda = new Agenda(clock, random);
    trace = new Trace(clock);
    faults = new Faults(plan, seed, clock, trace);
    disk = new SimDisk(this);
    network = new SimNetwork(this);
    files = new SimFileSystem(disk);
  }

  /**
   * Makes the drivers of this kernel.
   *
   * @return a provider for systems that are stepped
   */
  public IoDriverProvider drivers() {
    return new SimDriverProvider(this, network.machine());
  }

  /** Makes the drivers of one process of a machine with an address of its own. */
  SimDriverProvider drivers(InetAddress address) {
    return new SimDriverProvider(this, network.machine(address));
  }

  SimClock clock() {
    return clock;
  }

  SimRandom random() {
    return random;
  }

  Agenda agenda() {
    return agenda;
  }

  Trace trace() {
    return trace;
  }

  Faults faults() {
    return faults;
  }

  SimDisk disk() {
    return disk;
  }

  SimNetwork network() {
    return network;
  }

  SimOperation operation(SimDriver driver, IoRequest request) {
    return new SimOperation(driver, request, ++operations);
  }

  /**
   * A path of the simulated disk, for what takes a {@link Path}.
   *
   * @param path such as {@code "/data/log"}
   * @return the path
   */
  public Path path(String path) {
    return files.getPath(path);
  }

  /**
   * The simulated disk as the JDK sees it, for {@link java.nio.file.Files} and {@link
   * java.nio.channels.FileChannel}: calls are done at once, without faults, and take no time.
   *
   * @return the file system, which cannot be closed
   */
  public FileSystem fileSystem() {
    return files;
  }

  /** What was not synced is there or not; to be called when all processes have been killed. */
  void powerLoss() {
    disk.powerLoss(power);
  }

  /** Notes what no program should do, whatever comes of it. */
  void finding(String text) {
    trace.add("finding: " + text);
    findings.add(text);
  }

  List<String> findings() {
    return List.copyOf(findings);
  }

  void trace(String what, SimOperation operation) {
    trace.add(operation + " " + what);
  }

  /** The kernel has seen a request: it is executed after a while, or fails. */
  void begin(SimOperation operation) {
    operation.seen(disk);
    int errno = faults.errno(operation);
    if (errno != 0) {
      disk.refused(operation);
      operation.fail(errno);
      return;
    }
    if (operation.request.opcode == IoOpcode.DELAY) {
      delay(operation);
      return;
    }
    Agenda.Entry execution = agenda.in(faults.latencyNanos(operation), () -> execute(operation));
    operation.onCancel(
        () -> {
          if (faults.cancelWins(operation) && execution.cancel()) {
            operation.endCancelled();
          }
        });
  }

  private void delay(SimOperation operation) {
    Agenda.Entry end =
        agenda.timer(Math.max(0, operation.request.position), () -> operation.end(0));
    operation.onCancel(
        () -> {
          if (end.cancel()) {
            operation.endCancelled();
          }
        });
  }

  private void execute(SimOperation operation) {
    operation.onCancel(null);
    if (operation.isOfEarlierBoot(disk)) {
      operation.fail(Errno.EIO);
      return;
    }
    checkMemory(operation);
    switch (operation.request.opcode) {
      case OPEN, RENAME, LINK, SYMLINK, UNLINK, MAKE_DIRECTORY -> disk.execute(operation);
      case LISTEN, CONNECT, BIND_DATAGRAM, PIPE -> network.execute(operation);
      case OPEN_STANDARD -> SimStandardStream.open(operation);
      case STAT -> {
        if (operation.request.handle == null) {
          disk.execute(operation);
        } else {
          operation.handle().execute(operation);
        }
      }
      default -> {
        SimHandle handle = operation.handle();
        if (handle.isGone()) {
          operation.fail(Errno.EBADF);
        } else {
          handle.execute(operation);
        }
      }
    }
  }

  /** The kernel takes bytes now; those that it was given when it first saw the request. */
  void checkMemory(SimOperation operation) {
    if (operation.hasReleasedBuffer()) {
      finding("the buffer of " + operation + " was released while it belonged to the kernel");
    }
    if (operation.hasOtherBytes()) {
      finding("the buffer of " + operation + " was changed while it belonged to the kernel");
    }
  }

  /** Has a completion become visible: at once, or after others that came later. */
  void later(SimOperation operation, Runnable show) {
    long now = clock.elapsedNanos();
    long nanos = operation.completesAfter(now, faults.completionDelayNanos(operation));
    if (nanos == 0) {
      show.run();
    } else {
      operation.delayed();
      var unused =
          agenda.in(
              nanos,
              () -> {
                operation.shown();
                show.run();
              });
    }
  }

  /** Does what is due, or lets time pass until something is; false if nothing will come. */
  boolean stepToNext() {
    long nanos = agenda.nanosToNext();
    if (nanos == Long.MAX_VALUE) {
      return false;
    }
    clock.advance(nanos);
    return agenda.step();
  }

  /** What a completion has brought for which nobody is there any more. */
  void lost(@Nullable Object payload) {
    if (payload instanceof IoBuffer buffer) {
      buffer.release();
    } else if (payload instanceof Datagram datagram) {
      datagram.release();
    } else if (payload instanceof UnixDatagram datagram) {
      datagram.release();
    } else if (payload instanceof ReceivedDescriptors received) {
      received.data().release();
      received.descriptors().forEach(DetachedDescriptor::close);
    } else if (payload instanceof PipeEnds ends) {
      drop(ends.readEnd());
      drop(ends.writeEnd());
    } else if (payload instanceof IoHandle handle) {
      drop(handle);
    }
  }

  private static void drop(IoHandle handle) {
    if (handle instanceof SimHandle ours) {
      ours.drop(false);
    }
  }
}
