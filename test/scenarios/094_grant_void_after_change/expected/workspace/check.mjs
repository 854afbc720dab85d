console.log('another script');
