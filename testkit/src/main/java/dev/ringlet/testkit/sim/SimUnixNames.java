package dev.ringlet.testkit.sim;

import dev.ringlet.io.UnixAddress;
import dev.ringlet.spi.Errno;
import java.util.HashMap;
import java.util.Map;

/**
 * The sockets of the Unix domain of one machine by their names: abstract ones, and files of the
 * disk, which stay when their sockets are gone. The simulation's thread.
 */
final class SimUnixNames {
  private final SimDisk disk;

  /** By the abstract address, or by the file. */
  private final Map<Object, SimHandle> bound = new HashMap<>();

  SimUnixNames(SimDisk disk) {
    this.disk = disk;
  }

  /** A name of its own for a socket, whose file is made: what it is bound by. */
  Object make(UnixAddress address) throws DiskException {
    if (!address.isAbstract()) {
      return disk.makeSocket(address.name());
    }
    if (bound.containsKey(address)) {
      throw new DiskException(Errno.EADDRINUSE);
    }
    return address;
  }

  void bind(Object name, SimHandle socket) {
    bound.put(name, socket);
  }

  void unbind(Object name) {
    bound.remove(name);
  }

  /** The socket that is bound there. */
  <T extends SimHandle> T find(UnixAddress address, Class<T> type) throws DiskException {
    Object name = address.isAbstract() ? address : disk.find(address.name(), true).present();
    SimHandle socket = bound.get(name);
    if (!type.isInstance(socket)) {
      throw new DiskException(Errno.ECONNREFUSED);
    }
    return type.cast(socket);
  }
}
