package dev.ringlet.testkit.sim;

import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import org.jspecify.annotations.Nullable;

/** The room on the simulated disk. The simulation's thread. */
final class SimFileStore extends FileStore {
  private final SimDisk disk;

  SimFileStore(SimDisk disk) {
    this.disk = disk;
  }

  @Override
  public String name() {
    return SimDriver.NAME;
  }

  @Override
  public String type() {
    return SimDriver.NAME;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public long getTotalSpace() {
    return disk.capacity();
  }

  @Override
  public long getUsableSpace() {
    return disk.freeBytes();
  }

  @Override
  public long getUnallocatedSpace() {
    return disk.freeBytes();
  }

  @Override
  public long getBlockSize() {
    return Content.PAGE_BYTES;
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return SimAttributeView.supports(type);
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return SimAttributes.VIEWS.contains(name);
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      default -> throw new UnsupportedOperationException("attribute: " + attribute);
    };
  }
}
