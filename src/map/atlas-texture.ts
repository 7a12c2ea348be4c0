import { texture } from 'three/tsl';
import { DataArrayTexture, LinearFilter, RGBAFormat, UnsignedByteType } from 'three/webgpu';
import { type Atlas, LAYER_SIZE } from './atlas.ts';

/** The atlas on the GPU, once for all panes that draw from it. */
export class AtlasTexture {
  readonly node = texture(blank());
  private layers = 0;
  private seen: number[] = [];

  /** Brings the atlas to the GPU: all of it when it grew, else the layers that changed. */
  upload(atlas: Atlas): void {
    const old = this.node.value;
    if (atlas.layers !== this.layers) {
      this.layers = atlas.layers;
      this.node.value = arrayTexture(atlas.pixels, LAYER_SIZE, atlas.layers);
      old.dispose();
    } else if (old instanceof DataArrayTexture) {
      atlas.versions.forEach((version, layer) => {
        if (version === this.seen[layer]) return;
        old.addLayerUpdate(layer);
        old.needsUpdate = true;
      });
    }
    this.seen = [...atlas.versions];
  }

  dispose(): void {
    this.node.value.dispose();
  }
}

function arrayTexture(pixels: Uint8Array<ArrayBuffer>, side: number, layers: number): DataArrayTexture {
  const pictures = new DataArrayTexture(pixels, side, side, layers);
  pictures.format = RGBAFormat;
  pictures.type = UnsignedByteType;
  pictures.minFilter = LinearFilter;
  pictures.magFilter = LinearFilter;
  pictures.generateMipmaps = false;
  pictures.needsUpdate = true;
  return pictures;
}

function blank(): DataArrayTexture {
  return arrayTexture(new Uint8Array(2 * 4), 1, 2);
}
