"""Images: Walsh or Fourier samples, coefficients of isotropic Haar wavelets, and the masks that choose samples."""
